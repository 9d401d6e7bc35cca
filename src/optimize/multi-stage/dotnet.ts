import { flagValue } from '../../dockerfile/command.ts';
import { readInvocation } from '../../model/packages.ts';
import { copyAlso, copyAssets } from './assets.ts';
import { checkHealth, settleEnvironment, takeUsers } from './common.ts';
import type { Draft } from './draft.ts';
import { checkBuilder, inFolder } from './program.ts';

const isSource = (path: string): boolean => /\.(?:cs|fs|vb|cshtml|razor|csproj|fsproj|vbproj|sln|slnx|props|targets|user|editorconfig)$|(?:^|\/)(?:bin|obj|Properties)\/|(?:^|\/)(?:global\.json|nuget\.config)$/i.test(path);

/** `sdk:8.0`, `sdk:8.0.404-jammy`: the runtime has the first two numbers and the same system. */
const tag = /^(\d+\.\d+)(?:\.\d+)?(-(?:bookworm-slim|bullseye-slim|buster-slim|jammy|focal|noble))?$/;

/** The settings by which a web server of .NET learns its port; the SDK's image takes those of the runtime's away. */
const portNames = ['ASPNETCORE_URLS', 'ASPNETCORE_HTTP_PORTS', 'ASPNETCORE_HTTPS_PORTS', 'DOTNET_URLS', 'URLS', 'HTTP_PORTS'];

/** A project file says it is no web server: it asks for the SDK without one, and for no framework of it. */
function isPlain(draft: Draft): boolean {
  const projects = draft.context?.files.filter((path) => /\.(?:cs|fs|vb)proj$/.test(path) && draft.context?.sends(path) === true) ?? [];
  return projects.length > 0 && projects.every((path) => {
    const text = draft.context?.read(path) ?? 'AspNetCore';
    return /Sdk="Microsoft\.NET\.Sdk"/.test(text) && !/AspNetCore/.test(text);
  });
}

/** The image with the runtime of the same version. */
function runtimeImage(draft: Draft): string | undefined {
  const { image, imageWord } = draft.stage;
  const [, version, system = ''] = image?.digest === undefined ? tag.exec(image?.tag ?? '') ?? [] : [];
  if (version === undefined || imageWord === undefined || imageWord.raw.includes('$')) return undefined;
  return imageWord.raw.replace(/\/sdk:.*$/, `/${isPlain(draft) ? 'runtime' : 'aspnet'}:${version}${system}`);
}

/** The folders a `dotnet publish` writes to; undefined where the project file decides. */
function publishFolders(draft: Draft): (string | undefined)[] {
  return draft.commands.flatMap((command) => {
    const invocation = readInvocation(command);
    if (invocation?.manager.name !== 'dotnet' || !/^(?:publish|build)$/.test(invocation.subcommandKey)) return [];
    const target = flagValue(command.words, '-o', '--output');
    return [target?.value === undefined ? undefined : inFolder(draft, command, target.value)];
  });
}

function checkPort(draft: Draft, words: readonly { readonly text: string }[]): void {
  if (draft.image.includes('/runtime:')) return;
  const isSet = draft.all('ENV').some(({ pairs }) => pairs.some(({ name }) => portNames.includes(name))) || words.some(({ text }) => text.startsWith('--urls'));
  if (!isSet) draft.refuse(draft.stage.from, 'The port comes from the image: set `ASPNETCORE_URLS` or `ASPNETCORE_HTTP_PORTS`, as the image of the runtime has another default.');
}

/** What `dotnet publish` makes. */
export function dotnetShape(draft: Draft): void {
  const start = draft.start();
  checkBuilder(draft, new Set(['dotnet']));
  if (start === undefined) return;
  const { command } = start;
  const [library] = command.words;
  const path = library?.value?.endsWith('.dll') === true ? inFolder(draft, command, library.value) : undefined;
  const folder = path?.slice(0, path.lastIndexOf('/'));
  const image = runtimeImage(draft);
  if (command.name !== 'dotnet' || folder === undefined || folder === '') {
    draft.refuse(command.program, 'The container does not start one library with `dotnet`, so what it needs can\'t be told.');
    return;
  }
  if (image === undefined) draft.refuse(draft.stage.imageWord ?? draft.stage.from, 'Which image has the runtime of the same version and settings can\'t be told from the tag.');
  draft.image = image ?? '';
  const made = publishFolders(draft);
  if (!made.includes(folder) && !(made.includes(undefined) && /\/bin\/(?:Release|Debug)\/[\w.]+(?:\/publish)?$/.test(folder))) draft.refuse(library ?? command.program, `Which build makes \`${library?.text ?? ''}\` can't be told.`);
  checkPort(draft, command.words);
  // Settings and pages are looked for in the folder the program starts in.
  if (draft.end.workdir !== folder) copyAssets(draft, isSource);
  copyAlso(draft, folder);
  takeUsers(draft, /^[8-9]|^\d\d/.test(draft.stage.image?.tag ?? '') ? ['app'] : []);
  settleEnvironment(draft);
  checkHealth(draft, (program) => program === 'dotnet', true);
  draft.title = `Build in a stage of its own and ship what is published on \`${draft.image}\``;
}
