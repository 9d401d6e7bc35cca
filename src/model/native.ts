import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import type { Dockerfile } from './dockerfile.ts';
import { contextFileAt, pythonPackages, type PythonPackage } from './python-packages.ts';
import { commandFolder } from './effects.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { joinPath } from './state.ts';

/** Packages of PyPI without wheels for Linux: they are compiled where they are installed. */
const compiledPython = new Set([
  'annoy', 'bjoern', 'dbus-python', 'deepspeed', 'dlib', 'fasttext', 'flash-attn', 'gdal', 'hnswlib', 'leveldb', 'llama-cpp-python', 'm2crypto', 'mod-wsgi',
  'mysql-python', 'mysqlclient', 'netifaces', 'psycopg-c', 'psycopg2', 'pyaudio', 'pycairo', 'pycrypto', 'pygobject', 'pygraphviz', 'pyjq', 'pysqlcipher3',
  'python-ldap', 'rpi-gpio', 'sasl', 'smbus', 'spidev', 'systemd-python', 'uwsgi',
]);

/** Packages of npm that node-gyp compiles. */
const compiledNode = new Set([
  'bignum', 'ffi', 'gl', 'heapdump', 'iconv', 'libxmljs', 'mmmagic', 'node-expat', 'node-gyp', 'node-pty', 'node-rdkafka', 'node-sass', 'pg-native', 'posix', 'ref',
  'speaker', 'unix-dgram',
]);

/** The dependencies of the package.json in the folder a command runs in. */
function nodeDependencies(file: Dockerfile, context: BuildContext, command: Command): string[] {
  const place = joinPath(commandFolder(file, command), 'package.json');
  const path = place === undefined ? undefined : contextFileAt(file, context, command.instruction, place);
  const text = path === undefined ? undefined : context.read(path);
  const sections = [...(text ?? '').matchAll(/"(?:optionalD|devD|d)ependencies"\s*:\s*\{([^}]*)\}/g)].map((section) => section[1] ?? '');
  return sections.flatMap((section) => [...section.matchAll(/"([^"]+)"\s*:/g)].map((match) => match[1] ?? ''));
}

const nodeManagers = new Set(['npm', 'yarn', 'pnpm']);

/**
 * A package that is compiled where this command installs it.
 * @returns its name; undefined where none is known to be
 */
export function compiledPackage(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): string | undefined {
  const { manager, action, packages, command } = invocation;
  if (!action.startsWith('install')) return undefined;
  const isCompiled = ({ name, extras }: PythonPackage): boolean => compiledPython.has(name) || (name === 'psycopg' && extras.includes('c'));
  const python = pythonPackages(file, context, invocation).find(isCompiled);
  if (python !== undefined || !nodeManagers.has(manager.name)) return python?.name;
  const named = packages.map(({ text }) => text.replace(/(?<=.)@.*$/, ''));
  const listed = context === undefined || action !== 'install-manifest' ? [] : nodeDependencies(file, context, command);
  return [...named, ...listed].find((name) => compiledNode.has(name));
}

/** Packages of the distributions that hold a compiler of C, whatever their version. */
const compilerPackage = new RegExp(`^(?:${[
  'build-essential', 'build-base', 'alpine-sdk', 'base-devel', '@?development[- ]tools', 'patterns-devel-base-devel_basis',
  'gcc(?:-\\d+)?', 'gcc-c\\+\\+', 'g\\+\\+(?:-\\d+)?', 'clang(?:-\\d+)?', 'gcc-multilib', 'llvm-toolset', 'gcc-toolset-\\d+',
].join('|')})$`, 'i');

/** True for an install of system packages that brings a compiler of C. */
export const bringsCompiler = (invocation: Invocation): boolean =>
  invocation.manager.kind === 'system' && invocation.action === 'install-named' &&
  invocation.packages.some(({ text }) => compilerPackage.test(text.replace(/[=:].*$/s, '')));

/** Programs that compile, or that compile what they install. */
const compilers = new Set([
  'gcc', 'g++', 'cc', 'c++', 'clang', 'clang++', 'ld', 'make', 'cmake', 'ninja', 'meson', 'nvcc', 'configure', 'autoreconf', 'node-gyp', 'cpan', 'cpanm',
  'cpm', 'docker-php-ext-install', 'pecl',
]);

/** True for a command that compiles native code with the image's own compiler. */
export function compiles(command: Command): boolean {
  if (compilers.has(command.name)) return true;
  const invocation = readInvocation(command);
  if (invocation === undefined) {
    const isSetup = command.words[0]?.text.endsWith('setup.py') === true;
    return isSetup && command.words.some(({ text }) => /^(?:build|build_ext|install|develop)$/.test(text));
  }
  const { manager, action } = invocation;
  return (manager.name === 'bundler' || manager.name === 'gem') && action.startsWith('install');
}
