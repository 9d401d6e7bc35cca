import { baseName } from '../dockerfile/command.ts';
import type { Dockerfile } from './dockerfile.ts';
import { startInstructions, startsShell, startWords } from './privileges.ts';

const anyOf = (words: string): string => `(?:${words.split(' ').join('|')})`;

/** Parts of a name that say the image is to work, test or build in. */
const workWord = new RegExp(`(?:^|[._/-])${anyOf(
  'devcontainers? dev devel develop(?:er|ment)? debug ci tests? testing e2e lint(?:er)? fuzz(?:er|ing)? oss-fuzz bench(?:mark)?s? sdk toolchain builder ' +
  'build-?env build-?image workspace notebooks? gitpod playground sandbox',
)}(?=[._/-]|$)`, 'i');

/** Folders of a repository, anywhere on the way, with the same meaning. */
const workFolder = new RegExp(`(?:^|/)${anyOf(
  '\\.devcontainer \\.github \\.gitlab \\.circleci \\.buildkite ci e2e(?:-tests?)? tests? integration[-_]tests? oss-fuzz jenkins',
)}/`, 'i');

/** The file's own name and the folder it lies in: `docker/dev/Dockerfile`, `Dockerfile.ci`. */
const lastParts = (path: string): string => path.split('/').slice(-2).join('/');

/** What a container that is worked in runs: nothing that ends, a remote shell, a notebook, a build, a test, a development server. */
const workCommands = [
  'sleep infinity', 'tail -[fF] /dev/null', 'sshd', anyOf('jupyter jupyter-lab start-notebook code-server'),
  anyOf('make cmake pytest tox nox ctest bazel rspec hadolint eslint ng vite nodemon webpack watchmedo air'),
  'cargo (?:test|build|run|watch)', 'go (?:test|run|build)', 'mvnw?', 'gradlew?', 'dotnet (?:watch|test|run)', 'mix (?:test|phx\\.server)', 'rake test',
  '(?:npm|yarn|pnpm|bun)(?: run)? (?:test|dev|build|watch|lint|serve|start:dev)',
];
const workCommand = new RegExp(`^(?:${workCommands.join('|')})\\b`);

/** The prompt of a language, or a tool that waits for its arguments. */
const prompt = new RegExp(`^${anyOf(
  'ghci irb iex jshell ipython3? ptpython R julia python[\\d.]* node lua scala cargo go mvn gradle gcc g\\+\\+ clang rustc javac stack cabal sbt swift',
)}$`);

function startText(file: Dockerfile): string {
  const [first = '', ...rest] = startWords(file);
  return [baseName(first), ...rest].join(' ').trim();
}

/** True when the image is made to work, test or build in, by its path, its stage's name or what it starts. */
export function isForWork(file: Dockerfile): boolean {
  const start = startText(file);
  const isNamedSo = workFolder.test(file.path) || workWord.test(lastParts(file.path)) || workWord.test(file.targetStage?.name ?? '');
  return isNamedSo || startsShell(file) || workCommand.test(start) || prompt.test(start);
}

/** True when neither CMD nor ENTRYPOINT says what to run: a base for other images, or for a pipeline that brings its own command. */
export const startsNothing = (file: Dockerfile): boolean => startInstructions(file).every(({ words }) => words.length === 0);
