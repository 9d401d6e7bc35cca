import type { Invocation } from '../model/packages.ts';
import type { BuildContext } from './context.ts';
import { readDotnet } from './manifests/dotnet.ts';
import { readCargo, readGo } from './manifests/go-rust.ts';
import { readGradle, readMaven } from './manifests/java.ts';
import { readMix } from './manifests/mix.ts';
import { readBun, readNpm, readPnpm, readYarn } from './manifests/node-managers.ts';
import { readBundler, readComposer, readGem } from './manifests/php-ruby.ts';
import { readConda, readPdm, readPipenv, readPoetry } from './manifests/python.ts';
import { below, code, isRemote, isSent, ManifestReading, type InstallPlace } from './manifests/reading.ts';
import { readPip } from './manifests/requirements.ts';
import { readUv } from './manifests/uv.ts';

export type { InstallPlace } from './manifests/reading.ts';
export { yarnEdition } from './manifests/node-editions.ts';

/** What an install reads of the project, and what speaks for or against reading nothing else. */
export interface InstallInputs {
  /** Files the install reads, relative to the context, sorted; each is there and not ignored. */
  readonly files: readonly string[];
  /** Why the install certainly needs more than `files` (a lifecycle script, a local path, a workspace …). */
  readonly refusals: readonly string[];
  /** Why it is only likely that `files` is all: full sentences for a person. */
  readonly doubts: readonly string[];
}

export type ReadInstallInputs = (invocation: Invocation, folder: string, context: BuildContext, place?: InstallPlace) => InstallInputs;

/** Managers of system packages read nothing of the project but packages named by their paths. */
function readSystem(reading: ManifestReading): void {
  for (const word of reading.invocation.packages) {
    if (!/^[.~]?\.?\/|\.(?:deb|rpm|apk)$|\.pkg\.tar/.test(word.text) || /^[a-z]+:\/\//.test(word.text)) continue;
    const path = reading.wordPath(word);
    if (path !== undefined) reading.need(path);
  }
}

const readers: Readonly<Record<string, (reading: ManifestReading) => void>> = {
  pip: readPip, pipx: readPip, uv: readUv, poetry: readPoetry, pipenv: readPipenv, pdm: readPdm, conda: readConda,
  npm: readNpm, yarn: readYarn, pnpm: readPnpm, bun: readBun,
  bundler: readBundler, gem: readGem, composer: readComposer,
  go: readGo, cargo: readCargo, maven: readMaven, gradle: readGradle, dotnet: readDotnet, mix: readMix,
};

const installs = new Set(['install-manifest', 'install-named', 'install-project']);

interface Work {
  readonly folder: string;
  readonly place: InstallPlace;
  readonly refusal?: string;
}

/** The context folder the command works in: the given one, or where a flag leads. */
function workFolder(invocation: Invocation, folder: string, context: BuildContext, place: InstallPlace): Work {
  const { directory } = invocation;
  if (directory === undefined) return { folder, place };
  const asked = new ManifestReading(invocation, folder, context, place);
  const found = asked.wordPath(directory);
  if (found === undefined) return { folder, place, refusal: asked.refusals[0] ?? `Where ${code(directory.text)} lies can't be told.` };
  const { directory: outer, ...others } = place;
  if (outer === undefined && !directory.text.startsWith('/')) return { folder: found, place };
  const absolute = directory.text.startsWith('/') ? directory.text : `/${below(outer?.slice(1) ?? '', directory.text) ?? ''}`;
  return { folder: found, place: { ...others, directory: absolute } };
}

/** Things about the command line that no manifest tells. */
function checkCommand(reading: ManifestReading): void {
  const { invocation } = reading;
  const { command, manager } = invocation;
  for (const { operator, target } of command.redirects) {
    if (!/^<(?!<)/.test(operator) || target === undefined || target.text === '/dev/null') continue;
    reading.refuse(`The command reads ${code(target.text)}.`);
  }
  if (manager.kind === 'system') return;
  for (const { text } of invocation.unknown) reading.doubt(`${code(text)} may hold flags that change what the install reads.`);
  const worked = invocation.packages.find(({ text }) => /\$\(|`/.test(text));
  if (worked !== undefined) reading.refuse(`What ${code(worked.text)} names is known only when the build runs.`);
}

/** True for a value that leads to nothing among the sources. */
function leadsAway(reading: ManifestReading, value: string): boolean {
  if (value === '' || isRemote(value)) return true;
  return value.startsWith('/') && reading.place.directory !== undefined && reading.imagePath(value) === undefined;
}

/** Variables that name files: harmless when the file lies elsewhere in the image, or is among those that are read anyway. */
function checkVariables(reading: ManifestReading): void {
  for (const name of reading.invocation.manager.manifestVariables ?? []) {
    const value = reading.variable(name) ?? '';
    for (const part of value.split(/\s+/)) {
      const path = part.startsWith('/') ? reading.imagePath(part) : below(reading.folder, part);
      if (leadsAway(reading, part) || (path !== undefined && reading.files.includes(path))) continue;
      reading.refuse(`The variable ${code(name)} names ${code(part)}, which the install reads as well.`);
    }
  }
}

const outputRefusal = (path: string): string =>
  `The context holds ${code(path)}, which no pattern of the ignore file excludes: the later COPY would lay it over what was installed.`;

/**
 * Places that an install of this kind writes to and that the context holds as well, not ignored.
 * @param folder the context folder the install runs in
 */
export const outputsInContext = (invocation: Invocation, folder: string, context: BuildContext): string[] =>
  invocation.manager.outputs.flatMap((name) => below(folder, name) ?? []).filter((path) => isSent(context, path));

/**
 * Reads what an install takes of the build context. Never throws.
 * @param folder the context folder the install runs in; '' is the root
 * @param place what is known of that folder in the image, and of the environment
 * @returns the files, and the reasons why they may not be all: none of either kind means that they certainly are
 */
export function readInstallInputs(invocation: Invocation, folder: string, context: BuildContext, place: InstallPlace = {}): InstallInputs {
  const { manager, action } = invocation;
  const worked = workFolder(invocation, below('', folder) ?? '', context, place);
  const reading = new ManifestReading(invocation, worked.folder, context, worked.place);
  if (worked.refusal !== undefined) reading.refuse(worked.refusal);
  else if (manager.kind === 'system') readSystem(reading);
  else if (!installs.has(action)) {
    reading.refuse(`${code(`${manager.name} ${invocation.subcommandKey}`)} is no install, so what it reads is not known.`);
  } else {
    const read = Object.hasOwn(readers, manager.name) ? readers[manager.name] : undefined;
    if (read === undefined) reading.refuse(`What ${code(manager.name)} reads is not known.`);
    else read(reading);
    checkVariables(reading);
  }
  checkCommand(reading);
  if (action !== 'install-named') for (const name of manager.outputs) reading.output(name);
  for (const path of reading.outputs) if (isSent(context, path)) reading.refuse(outputRefusal(path));
  if (context.cut) reading.doubt('The build context is too large to be searched whole, so a file that the install reads may have been missed.');
  return { files: reading.files, refusals: reading.refusals, doubts: reading.doubts };
}
