// Generated from the files of this folder: `npm test -- -u` writes it.
import type { AnyRule } from '../src/rule.ts';
import assumeYes from './correctness/assume-yes.ts';
import basePlatform from './correctness/base-platform.ts';
import brokenContinuation from './correctness/broken-continuation.ts';
import brokenMountFlag from './correctness/broken-mount-flag.ts';
import copyFromItself from './correctness/copy-from-itself.ts';
import copyIgnoredFile from './correctness/copy-ignored-file.ts';
import copyToFile from './correctness/copy-to-file.ts';
import cudaMismatch from './correctness/cuda-mismatch.ts';
import deviceMapWithoutAccelerate from './correctness/device-map-without-accelerate.ts';
import duplicateInstruction from './correctness/duplicate-instruction.ts';
import duplicateStageName from './correctness/duplicate-stage-name.ts';
import exposeFormat from './correctness/expose-format.ts';
import fixedPlatform from './correctness/fixed-platform.ts';
import gpuAtBuild from './correctness/gpu-at-build.ts';
import healthStartPeriod from './correctness/health-start-period.ts';
import healthcheckProgram from './correctness/healthcheck-program.ts';
import installWithoutPackages from './correctness/install-without-packages.ts';
import invalidFromDefault from './correctness/invalid-from-default.ts';
import labelSchema from './correctness/label-schema.ts';
import missingHealthcheck from './correctness/missing-healthcheck.ts';
import noWorkdir from './correctness/no-workdir.ts';
import nvidiaVisibleDevices from './correctness/nvidia-visible-devices.ts';
import pipRequirementFile from './correctness/pip-requirement-file.ts';
import relativeWorkdir from './correctness/relative-workdir.ts';
import reservedStageName from './correctness/reserved-stage-name.ts';
import shellFormCmd from './correctness/shell-form-cmd.ts';
import syntax from './correctness/syntax.ts';
import undefinedVariable from './correctness/undefined-variable.ts';
import unknownStage from './correctness/unknown-stage.ts';
import unusedVirtualenv from './correctness/unused-virtualenv.ts';
import aptKey from './security/apt-key.ts';
import chpasswd from './security/chpasswd.ts';
import dockerSocket from './security/docker-socket.ts';
import namedUser from './security/named-user.ts';
import noRootUser from './security/no-root-user.ts';
import pipedDownload from './security/piped-download.ts';
import plainHttpDownload from './security/plain-http-download.ts';
import secretFileCopied from './security/secret-file-copied.ts';
import secretInEnv from './security/secret-in-env.ts';
import sshPort from './security/ssh-port.ts';
import sudo from './security/sudo.ts';
import systemWorkdir from './security/system-workdir.ts';
import tlsVerificationOff from './security/tls-verification-off.ts';
import unsignedPackages from './security/unsigned-packages.ts';
import untrustedRegistry from './security/untrusted-registry.ts';
import userNotCreated from './security/user-not-created.ts';
import worldWritable from './security/world-writable.ts';
import aptListsLeft from './size/apt-lists-left.ts';
import aptRecommends from './size/apt-recommends.ts';
import archiveCopied from './size/archive-copied.ts';
import bakedModel from './size/baked-model.ts';
import condaCache from './size/conda-cache.ts';
import cudaDevelShipped from './size/cuda-devel-shipped.ts';
import devDependencies from './size/dev-dependencies.ts';
import fatBaseImage from './size/fat-base-image.ts';
import gpuRuntime from './size/gpu-runtime.ts';
import highUid from './size/high-uid.ts';
import mergeableRuns from './size/mergeable-runs.ts';
import packageCacheLeft from './size/package-cache-left.ts';
import pipCache from './size/pip-cache.ts';
import recursiveChown from './size/recursive-chown.ts';
import redundantStageCopy from './size/redundant-stage-copy.ts';
import removedInLaterLayer from './size/removed-in-later-layer.ts';
import singleStageBuild from './size/single-stage-build.ts';
import torchTwice from './size/torch-twice.ts';
import unusedStage from './size/unused-stage.ts';
import wholeFilesystemCopied from './size/whole-filesystem-copied.ts';
import copyBeforeInstall from './cache/copy-before-install.ts';
import hfCacheMount from './cache/hf-cache-mount.ts';
import layerOrder from './cache/layer-order.ts';
import missingDockerignore from './cache/missing-dockerignore.ts';
import stalePackageList from './cache/stale-package-list.ts';
import useBindMount from './cache/use-bind-mount.ts';
import useCacheMount from './cache/use-cache-mount.ts';
import userSwitching from './cache/user-switching.ts';
import volatileArgEarly from './cache/volatile-arg-early.ts';
import weakDockerignore from './cache/weak-dockerignore.ts';
import endOfLifeBase from './reproducibility/end-of-life-base.ts';
import latestTag from './reproducibility/latest-tag.ts';
import movingClone from './reproducibility/moving-clone.ts';
import systemUpgrade from './reproducibility/system-upgrade.ts';
import unpinnedDigest from './reproducibility/unpinned-digest.ts';
import unpinnedPackage from './reproducibility/unpinned-package.ts';
import untaggedImage from './reproducibility/untagged-image.ts';
import unverifiedDownload from './reproducibility/unverified-download.ts';
import bashism from './shell/bashism.ts';
import curlWithoutFail from './shell/curl-without-fail.ts';
import pipefail from './shell/pipefail.ts';
import uncheckedCd from './shell/unchecked-cd.ts';
import unquotedVariable from './shell/unquoted-variable.ts';
import uselessCat from './shell/useless-cat.ts';
import addInsteadOfCopy from './style/add-instead-of-copy.ts';
import aptInScripts from './style/apt-in-scripts.ts';
import cdForWorkdir from './style/cd-for-workdir.ts';
import debianFrontendEnv from './style/debian-frontend-env.ts';
import definitionDescription from './style/definition-description.ts';
import emptyContinuation from './style/empty-continuation.ts';
import exposeProtoCasing from './style/expose-proto-casing.ts';
import fromAsCasing from './style/from-as-casing.ts';
import inlineIgnore from './style/inline-ignore.ts';
import instructionCasing from './style/instruction-casing.ts';
import labelKey from './style/label-key.ts';
import legacyKeyValue from './style/legacy-key-value.ts';
import maintainer from './style/maintainer.ts';
import pointlessCommand from './style/pointless-command.ts';
import redundantPlatform from './style/redundant-platform.ts';
import shellByLink from './style/shell-by-link.ts';
import stageNameCasing from './style/stage-name-casing.ts';
import unusedIgnore from './style/unused-ignore.ts';
import wgetAndCurl from './style/wget-and-curl.ts';
import wgetProgress from './style/wget-progress.ts';

/** Every rule by its id, in the order of the documentation. */
export const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([
  ['correctness/assume-yes', assumeYes],
  ['correctness/base-platform', basePlatform],
  ['correctness/broken-continuation', brokenContinuation],
  ['correctness/broken-mount-flag', brokenMountFlag],
  ['correctness/copy-from-itself', copyFromItself],
  ['correctness/copy-ignored-file', copyIgnoredFile],
  ['correctness/copy-to-file', copyToFile],
  ['correctness/cuda-mismatch', cudaMismatch],
  ['correctness/device-map-without-accelerate', deviceMapWithoutAccelerate],
  ['correctness/duplicate-instruction', duplicateInstruction],
  ['correctness/duplicate-stage-name', duplicateStageName],
  ['correctness/expose-format', exposeFormat],
  ['correctness/fixed-platform', fixedPlatform],
  ['correctness/gpu-at-build', gpuAtBuild],
  ['correctness/health-start-period', healthStartPeriod],
  ['correctness/healthcheck-program', healthcheckProgram],
  ['correctness/install-without-packages', installWithoutPackages],
  ['correctness/invalid-from-default', invalidFromDefault],
  ['correctness/label-schema', labelSchema],
  ['correctness/missing-healthcheck', missingHealthcheck],
  ['correctness/no-workdir', noWorkdir],
  ['correctness/nvidia-visible-devices', nvidiaVisibleDevices],
  ['correctness/pip-requirement-file', pipRequirementFile],
  ['correctness/relative-workdir', relativeWorkdir],
  ['correctness/reserved-stage-name', reservedStageName],
  ['correctness/shell-form-cmd', shellFormCmd],
  ['correctness/syntax', syntax],
  ['correctness/undefined-variable', undefinedVariable],
  ['correctness/unknown-stage', unknownStage],
  ['correctness/unused-virtualenv', unusedVirtualenv],
  ['security/apt-key', aptKey],
  ['security/chpasswd', chpasswd],
  ['security/docker-socket', dockerSocket],
  ['security/named-user', namedUser],
  ['security/no-root-user', noRootUser],
  ['security/piped-download', pipedDownload],
  ['security/plain-http-download', plainHttpDownload],
  ['security/secret-file-copied', secretFileCopied],
  ['security/secret-in-env', secretInEnv],
  ['security/ssh-port', sshPort],
  ['security/sudo', sudo],
  ['security/system-workdir', systemWorkdir],
  ['security/tls-verification-off', tlsVerificationOff],
  ['security/unsigned-packages', unsignedPackages],
  ['security/untrusted-registry', untrustedRegistry],
  ['security/user-not-created', userNotCreated],
  ['security/world-writable', worldWritable],
  ['size/apt-lists-left', aptListsLeft],
  ['size/apt-recommends', aptRecommends],
  ['size/archive-copied', archiveCopied],
  ['size/baked-model', bakedModel],
  ['size/conda-cache', condaCache],
  ['size/cuda-devel-shipped', cudaDevelShipped],
  ['size/dev-dependencies', devDependencies],
  ['size/fat-base-image', fatBaseImage],
  ['size/gpu-runtime', gpuRuntime],
  ['size/high-uid', highUid],
  ['size/mergeable-runs', mergeableRuns],
  ['size/package-cache-left', packageCacheLeft],
  ['size/pip-cache', pipCache],
  ['size/recursive-chown', recursiveChown],
  ['size/redundant-stage-copy', redundantStageCopy],
  ['size/removed-in-later-layer', removedInLaterLayer],
  ['size/single-stage-build', singleStageBuild],
  ['size/torch-twice', torchTwice],
  ['size/unused-stage', unusedStage],
  ['size/whole-filesystem-copied', wholeFilesystemCopied],
  ['cache/copy-before-install', copyBeforeInstall],
  ['cache/hf-cache-mount', hfCacheMount],
  ['cache/layer-order', layerOrder],
  ['cache/missing-dockerignore', missingDockerignore],
  ['cache/stale-package-list', stalePackageList],
  ['cache/use-bind-mount', useBindMount],
  ['cache/use-cache-mount', useCacheMount],
  ['cache/user-switching', userSwitching],
  ['cache/volatile-arg-early', volatileArgEarly],
  ['cache/weak-dockerignore', weakDockerignore],
  ['reproducibility/end-of-life-base', endOfLifeBase],
  ['reproducibility/latest-tag', latestTag],
  ['reproducibility/moving-clone', movingClone],
  ['reproducibility/system-upgrade', systemUpgrade],
  ['reproducibility/unpinned-digest', unpinnedDigest],
  ['reproducibility/unpinned-package', unpinnedPackage],
  ['reproducibility/untagged-image', untaggedImage],
  ['reproducibility/unverified-download', unverifiedDownload],
  ['shell/bashism', bashism],
  ['shell/curl-without-fail', curlWithoutFail],
  ['shell/pipefail', pipefail],
  ['shell/unchecked-cd', uncheckedCd],
  ['shell/unquoted-variable', unquotedVariable],
  ['shell/useless-cat', uselessCat],
  ['style/add-instead-of-copy', addInsteadOfCopy],
  ['style/apt-in-scripts', aptInScripts],
  ['style/cd-for-workdir', cdForWorkdir],
  ['style/debian-frontend-env', debianFrontendEnv],
  ['style/definition-description', definitionDescription],
  ['style/empty-continuation', emptyContinuation],
  ['style/expose-proto-casing', exposeProtoCasing],
  ['style/from-as-casing', fromAsCasing],
  ['style/inline-ignore', inlineIgnore],
  ['style/instruction-casing', instructionCasing],
  ['style/label-key', labelKey],
  ['style/legacy-key-value', legacyKeyValue],
  ['style/maintainer', maintainer],
  ['style/pointless-command', pointlessCommand],
  ['style/redundant-platform', redundantPlatform],
  ['style/shell-by-link', shellByLink],
  ['style/stage-name-casing', stageNameCasing],
  ['style/unused-ignore', unusedIgnore],
  ['style/wget-and-curl', wgetAndCurl],
  ['style/wget-progress', wgetProgress],
]);
