import type { Command } from '../../dockerfile/command.ts';
import { readImage } from '../../dockerfile/image.ts';
import { imageFacts } from '../../model/bases.ts';
import { nameOf } from '../../model/bases/name.ts';
import { readInvocation } from '../../model/packages.ts';
import { copyAlso, copyAssets, dropIdleWorkdir } from './assets.ts';
import { checkHealth, plainUser, settleEnvironment, takeUsers } from './common.ts';
import type { Draft } from './draft.ts';
import { checkBuilder, inFolder, isMade } from './program.ts';

/** Versions Eclipse Temurin has an image of the runtime of (hub.docker.com/_/eclipse-temurin). */
const temurin = /^(?:8|11|17|18|19|2[0-5])$/;

/** `-alpine`, `-jammy` …: the system an image is built on, which the runtime has too. */
const flavour = '(-alpine|-focal|-jammy|-noble)?';

/** How the tags of an image tell the version of Java and the system. */
const versions: Readonly<Record<string, RegExp>> = {
  maven: new RegExp(`^\\d[\\w.]*-(?:eclipse-temurin|openjdk|jdk)-(\\d+)${flavour}(?:-slim)?$`),
  gradle: new RegExp(`^(?:\\d[\\d.]*-)?jdk-?(\\d+)${flavour}$`),
  'eclipse-temurin': new RegExp(`^(\\d+)(?:-jdk)?${flavour}$`),
  openjdk: /^(\d+)(?:-jdk)?(-alpine)?(?:-slim)?(?:-(?:buster|bullseye|bookworm|oraclelinux\d))?$/,
};

/** The image with the runtime of the same version of Java; undefined where the tag doesn't tell it. */
function runtimeImage(draft: Draft): string | undefined {
  const { image } = draft.stage;
  if (image === undefined || image.digest !== undefined || image.tag === undefined) return undefined;
  const [, version, system = ''] = versions[nameOf(image)]?.exec(image.tag) ?? [];
  return version !== undefined && temurin.test(version) ? `eclipse-temurin:${version}-jre${system}` : undefined;
}

const isSource = (path: string): boolean =>
  /(?:^|\/)(?:src|gradle|buildSrc|\.mvn|target|build)\/|\.(?:java|kt|kts|gradle|groovy|scala)$|(?:^|\/)(?:pom\.xml|mvnw(?:\.cmd)?|gradlew(?:\.bat)?|gradle\.properties|lombok\.config)$/.test(path);

/** Plugins that pack all a program needs into its jar. */
const packsAll = /spring-boot-maven-plugin|maven-shade-plugin|jar-with-dependencies|org\.springframework\.boot|com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow/;

const isPacked = (draft: Draft): boolean =>
  ['pom.xml', 'build.gradle', 'build.gradle.kts'].some((name) => packsAll.test(draft.context?.read(name) ?? ''));

/** Refuses options that name files, or classes in other places than the jar. */
function checkWords(draft: Draft, command: Command, jar: number): void {
  for (const word of command.words.slice(0, Math.max(jar, 0))) {
    const isPath = /^-(?:cp|classpath|-class-path|p|-module-path)$|^-javaagent:|^-agentpath:|^@/.test(word.text) || (/=\/|:\//.test(word.text) && !/\/dev\/|^-D[\w.]*(?:url|uri)=/i.test(word.text));
    if (isPath) draft.refuse(word, `\`${word.text}\` names a file that the image that ships may lack.`);
  }
}

/** Copies the jar, or, where it may need others beside it, its folder. */
function copyJar(draft: Draft, path: string): void {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const ofBuild = /\/(?:target|build\/libs)$/.test(folder);
  const isKnown = !path.includes('*') && (isPacked(draft) || !ofBuild);
  copyAlso(draft, isKnown ? path : folder);
}

/** A jar that Maven or Gradle makes. */
export function javaShape(draft: Draft): void {
  const start = draft.start();
  checkBuilder(draft, new Set(['maven', 'gradle']), /^(?:maven|gradle|git|openjdk-?\d+(?:-jdk)?(?:-headless)?|bash|unzip)$/);
  if (start === undefined) return;
  const { command } = start;
  const at = command.words.findIndex(({ text }) => text === '-jar');
  const jar = command.words[at + 1];
  const text = jar?.value ?? (jar !== undefined && jar.variables.length === 0 && start.inShell && /^[\w./*-]+$/.test(jar.text) ? jar.text : undefined);
  const path = at === -1 || text === undefined ? undefined : inFolder(draft, command, text);
  const image = runtimeImage(draft);
  if (command.name !== 'java' || path === undefined || text === undefined) {
    draft.refuse(command.program, 'The container does not start one jar with `java -jar`, so what it needs can\'t be told.');
    return;
  }
  if (image === undefined) draft.refuse(draft.stage.imageWord ?? draft.stage.from, 'Which version of Java this is, and whether there is an image of its runtime, can\'t be told from the tag.');
  draft.image = image ?? '';
  const outputs = draft.commands.filter((each) => /^(?:maven|gradle)$/.test(readInvocation(each)?.manager.name ?? ''))
    .flatMap((each) => ['target', 'build/libs'].map((folder) => ({ path: undefined, folder: inFolder(draft, each, folder) })));
  if (!isMade(draft, path, outputs)) draft.refuse(jar ?? command.program, `Which build makes \`${text}\` can't be told.`);
  checkWords(draft, command, at);
  copyAssets(draft, isSource);
  copyJar(draft, path);
  takeUsers(draft, ['nobody']);
  if (plainUser(draft) !== undefined && imageFacts(readImage(draft.image))?.distribution !== draft.stage.facts?.distribution) {
    draft.refuse(draft.end.userSetBy ?? draft.stage.from, 'The image of the runtime is of another distribution, which may make users in another way.');
  }
  settleEnvironment(draft);
  dropIdleWorkdir(draft, text.startsWith('/'));
  checkHealth(draft, (program) => program === 'java', true);
  draft.title = `Build in a stage of its own and ship the jar on \`${draft.image}\``;
}
