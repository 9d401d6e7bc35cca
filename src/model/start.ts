import type { BuildContext } from '../context/context.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { nameOf } from './bases/name.ts';
import { placeInImage, readsContext } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** Images without an ENTRYPOINT of their own, or with one that runs whatever program it is given. */
const plainStarts = new Set([
  'debian', 'ubuntu', 'alpine', 'busybox', 'fedora', 'centos', 'rockylinux', 'almalinux', 'amazonlinux', 'oraclelinux', 'archlinux', 'bitnami/minideb',
  'opensuse/leap', 'opensuse/tumbleweed', 'buildpack-deps', 'python', 'pypy', 'node', 'golang', 'rust', 'ruby', 'php', 'perl', 'erlang', 'elixir',
  'haskell', 'swift', 'gcc', 'dart', 'mono', 'openjdk', 'eclipse-temurin', 'amazoncorretto', 'maven', 'gradle', 'oven/bun', 'continuumio/miniconda3',
  'nvidia/cuda', 'pytorch/pytorch', 'tensorflow/tensorflow', 'mcr.microsoft.com/dotnet/aspnet', 'mcr.microsoft.com/dotnet/runtime', 'mcr.microsoft.com/dotnet/sdk',
]);

/** A stage and those it is built on, itself first. */
function lineOf(stage: Stage | undefined): Stage[] {
  const line: Stage[] = [];
  for (let at = stage; at !== undefined; at = at.parent) line.push(at);
  return line;
}

/** True when no ENTRYPOINT, of the file or of the base image, makes something else of a CMD than the program it names. */
export function startsCommandItself(file: Dockerfile, instruction: Instruction): boolean {
  const line = lineOf(file.stageOf(instruction));
  const root = line.at(-1);
  if (line.some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'ENTRYPOINT'))) return false;
  return root !== undefined && (root.fromScratch || (root.image !== undefined && plainStarts.has(nameOf(root.image))));
}

/** True when a CMD of the stage, of one below or above it, would become arguments of its ENTRYPOINT. */
export function meetsCommand(file: Dockerfile, entrypoint: Instruction): boolean {
  const stage = file.stageOf(entrypoint);
  const own = lineOf(stage);
  const heirs = file.stages.filter((each) => stage !== undefined && lineOf(each).includes(stage));
  return [...own, ...heirs].some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'CMD'));
}

const scriptName = /\.(?:sh|bash|zsh|ksh|py|pl|rb|R|js|php|tcl|lua|groovy)$/;

/**
 * True when a program may be a text without a `#!` line: a shell runs it as a script of its own, the kernel refuses it.
 * @param program as CMD or ENTRYPOINT has it
 */
export function mayLackInterpreter(file: Dockerfile, instruction: Instruction, program: string, context: BuildContext | undefined): boolean {
  if (!program.includes('/')) return scriptName.test(program);
  const path = joinPath(file.stateAt(instruction).workdir, program);
  const copies = lineOf(file.stageOf(instruction)).flatMap(({ instructions }) => instructions.filter(readsContext));
  if (context === undefined || path === undefined) return scriptName.test(program) || copies.some((copy) => mayBring(file, copy, path));
  const isFolder = (source: string): boolean => context.isFolder(source);
  const sources = copies.flatMap((copy) => context.files.filter((each) => placeInImage(file, copy, each, isFolder) === path));
  if (sources.length === 0) return scriptName.test(program);
  return !sources.every((source) => context.read(source)?.startsWith('#!') === true);
}

/** A COPY that puts something at the path, or a folder above it. */
function mayBring(file: Dockerfile, copy: Instruction, path: string | undefined): boolean {
  const word = copy.words.at(-1);
  const to = word === undefined ? undefined : joinPath(file.stateAt(copy).workdir, file.expand(word.raw, copy) ?? '$');
  return path === undefined || to === undefined || to.includes('$') || to === '/' || path === to || path.startsWith(`${to}/`);
}
