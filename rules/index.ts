// Generated from the files of this folder: `npm test -- -u` writes it.
import type { AnyRule } from '../src/rule.ts';
import brokenContinuation from './correctness/broken-continuation.ts';
import brokenMountFlag from './correctness/broken-mount-flag.ts';
import exposeFormat from './correctness/expose-format.ts';
import healthStartPeriod from './correctness/health-start-period.ts';
import installWithoutPackages from './correctness/install-without-packages.ts';
import noWorkdir from './correctness/no-workdir.ts';
import pipRequirementFile from './correctness/pip-requirement-file.ts';
import shellFormCmd from './correctness/shell-form-cmd.ts';
import syntax from './correctness/syntax.ts';
import undefinedVariable from './correctness/undefined-variable.ts';
import unusedVirtualenv from './correctness/unused-virtualenv.ts';
import noRootUser from './security/no-root-user.ts';
import secretFileCopied from './security/secret-file-copied.ts';
import secretInEnv from './security/secret-in-env.ts';
import userNotCreated from './security/user-not-created.ts';
import aptListsLeft from './size/apt-lists-left.ts';
import aptRecommends from './size/apt-recommends.ts';
import bakedModel from './size/baked-model.ts';
import devDependencies from './size/dev-dependencies.ts';
import fatBaseImage from './size/fat-base-image.ts';
import gpuRuntime from './size/gpu-runtime.ts';
import mergeableRuns from './size/mergeable-runs.ts';
import pipCache from './size/pip-cache.ts';
import recursiveChown from './size/recursive-chown.ts';
import redundantStageCopy from './size/redundant-stage-copy.ts';
import removedInLaterLayer from './size/removed-in-later-layer.ts';
import singleStageBuild from './size/single-stage-build.ts';
import copyBeforeInstall from './cache/copy-before-install.ts';
import missingDockerignore from './cache/missing-dockerignore.ts';
import stalePackageList from './cache/stale-package-list.ts';
import useBindMount from './cache/use-bind-mount.ts';
import useCacheMount from './cache/use-cache-mount.ts';
import userSwitching from './cache/user-switching.ts';
import volatileArgEarly from './cache/volatile-arg-early.ts';
import weakDockerignore from './cache/weak-dockerignore.ts';
import latestTag from './reproducibility/latest-tag.ts';
import unpinnedPackage from './reproducibility/unpinned-package.ts';
import untaggedImage from './reproducibility/untagged-image.ts';
import unusedIgnore from './style/unused-ignore.ts';

/** Every rule by its id, in the order of the documentation. */
export const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([
  ['correctness/broken-continuation', brokenContinuation],
  ['correctness/broken-mount-flag', brokenMountFlag],
  ['correctness/expose-format', exposeFormat],
  ['correctness/health-start-period', healthStartPeriod],
  ['correctness/install-without-packages', installWithoutPackages],
  ['correctness/no-workdir', noWorkdir],
  ['correctness/pip-requirement-file', pipRequirementFile],
  ['correctness/shell-form-cmd', shellFormCmd],
  ['correctness/syntax', syntax],
  ['correctness/undefined-variable', undefinedVariable],
  ['correctness/unused-virtualenv', unusedVirtualenv],
  ['security/no-root-user', noRootUser],
  ['security/secret-file-copied', secretFileCopied],
  ['security/secret-in-env', secretInEnv],
  ['security/user-not-created', userNotCreated],
  ['size/apt-lists-left', aptListsLeft],
  ['size/apt-recommends', aptRecommends],
  ['size/baked-model', bakedModel],
  ['size/dev-dependencies', devDependencies],
  ['size/fat-base-image', fatBaseImage],
  ['size/gpu-runtime', gpuRuntime],
  ['size/mergeable-runs', mergeableRuns],
  ['size/pip-cache', pipCache],
  ['size/recursive-chown', recursiveChown],
  ['size/redundant-stage-copy', redundantStageCopy],
  ['size/removed-in-later-layer', removedInLaterLayer],
  ['size/single-stage-build', singleStageBuild],
  ['cache/copy-before-install', copyBeforeInstall],
  ['cache/missing-dockerignore', missingDockerignore],
  ['cache/stale-package-list', stalePackageList],
  ['cache/use-bind-mount', useBindMount],
  ['cache/use-cache-mount', useCacheMount],
  ['cache/user-switching', userSwitching],
  ['cache/volatile-arg-early', volatileArgEarly],
  ['cache/weak-dockerignore', weakDockerignore],
  ['reproducibility/latest-tag', latestTag],
  ['reproducibility/unpinned-package', unpinnedPackage],
  ['reproducibility/untagged-image', untaggedImage],
  ['style/unused-ignore', unusedIgnore],
]);
