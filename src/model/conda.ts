import { hasFlag, type Command, type Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { nameOf } from './bases/name.ts';
import type { Dockerfile } from './dockerfile.ts';
import { clears, mountedAway } from './leftovers.ts';
import { cachePath, readInvocation, type Invocation } from './packages.ts';
import { lineage } from './shipped.ts';

/** What the installs of one script leave in conda's cache. */
export interface LeftPackages {
  readonly script: Script;
  /** The installs behind the last cleaning, in order. */
  readonly left: readonly [Invocation, ...Invocation[]];
  /** Where the cache lies, as far as the file tells: conda may be installed anywhere. */
  readonly folder: string;
}

/** Works with what the cache has, or installs nothing. */
const fetchesNothing = (command: Command): boolean => hasFlag(command.words, '--offline', '--dry-run', '-d', '--help', '--version');

/** An install of conda, mamba or micromamba that certainly runs. */
function installOf(command: Command): Invocation | undefined {
  const invocation = readInvocation(command);
  if (invocation?.manager.name !== 'conda' || command.conditional || fetchesNothing(command)) return undefined;
  return invocation.action.startsWith('install') || invocation.action === 'upgrade' ? invocation : undefined;
}

/** `conda clean`, a script that cleans by its name, `rm` of the cache or of all of conda. */
function cleans(file: Dockerfile, command: Command, folder: string): boolean {
  const invocation = readInvocation(command);
  if (invocation?.manager.name === 'conda') return invocation.action === 'clean';
  return clears(file, command, folder) || (command.name === 'rm' && command.words.some(({ text }) => /pkgs|conda|mamba/i.test(text)));
}

function cacheFolder(file: Dockerfile, { command, manager }: Invocation): string {
  const [folder] = manager.caches;
  const { lookup } = file.stateAt(command.instruction);
  const environment: Record<string, string> = {};
  for (const name of ['CONDA_PKGS_DIRS', 'MAMBA_ROOT_PREFIX']) {
    const value = lookup(name);
    if (typeof value === 'string') environment[name] = value;
  }
  return folder === undefined ? '/opt/conda/pkgs' : cachePath(folder, '/root', environment);
}

/** Where conda lies is not always known: a mount counts as one of its cache by its name. */
const looksLikeCache = (target: string): boolean => /pkgs|conda|mamba|^\/$|(?:^|\/)\.cache\/?$/i.test(target);

/** The scripts of a RUN behind which conda's cache is in the layer. */
export function leftCondaPackages(file: Dockerfile, instruction: Instruction): LeftPackages[] {
  return file.scripts(instruction).flatMap((script): LeftPackages[] => {
    const installs = script.commands.map(installOf);
    const found = installs.find((each) => each !== undefined);
    if (found === undefined || script.unreadable) return [];
    const folder = cacheFolder(file, found);
    if (mountedAway(file, instruction).some((target) => looksLikeCache(target) || folder.startsWith(target))) return [];
    const cleaned = script.commands.findLastIndex((command) => cleans(file, command, folder));
    const [first, ...others] = installs.slice(cleaned + 1).filter((each) => each !== undefined);
    return first === undefined ? [] : [{ script, left: [first, ...others], folder }];
  });
}

/** Installers that bring a conda of 4.8 or later, and tags of images that hold one. */
const newInstaller = /Miniforge|Mambaforge|Miniconda3-(?:latest|py3)/;
const newTag = /^(?:latest$|4\.(?:[89]|1\d)\.|2\d\.|202\d\.)/;

function hasNewConda(file: Dockerfile, { command }: Invocation): boolean {
  if (command.name !== 'conda' || newInstaller.test(file.source)) return true;
  const stage = file.stageOf(command.instruction);
  const image = stage === undefined ? undefined : lineage(stage).at(-1)?.image;
  if (image === undefined) return false;
  const name = nameOf(image);
  return name.startsWith('condaforge/') || (/^continuumio\/(?:mini|ana)conda3$/.test(name) && newTag.test(image.tag ?? 'latest'));
}

/** The words that empty the cache. `--force-pkgs-dirs` (`-f`) came late: an older conda fails over it. */
export const cleanWords = (file: Dockerfile, invocation: Invocation): string => (hasNewConda(file, invocation) ? 'clean -afy' : 'clean -ay');
