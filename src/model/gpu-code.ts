import { flagValue, type Command, type Script } from '../dockerfile/command.ts';
import { flag } from '../dockerfile/instruction.ts';
import { textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { failsTheBuild } from './failure.ts';

/** Calls of Python that raise an error where there is no GPU. */
const calls = [
  /\bassert\s+(?:torch\.)?cuda\.is_available\s*\(\s*\)/,
  /\bassert\s+torch\.cuda\.device_count\s*\(\s*\)(?!\s*(?:>=|==)\s*0)/,
  /\bassert\s+(?:len\s*\(\s*)?(?:tf|tensorflow)\.config\.(?:experimental\.)?list_physical_devices\s*\(\s*['"]GPU['"]\s*\)/,
  /\bassert\s+(?:tf|tensorflow)\.test\.is_gpu_available\s*\(/,
  /\bexit\s*\(\s*(?:0 if torch\.cuda\.is_available\s*\(\s*\) else [1-9]|(?:int\s*\(\s*)?not torch\.cuda\.is_available\s*\()/,
  /\btorch\.cuda\.(?:init|current_device|get_device_name|get_device_properties|get_device_capability|set_device|mem_get_info)\s*\(/,
  /\b(?:torch|model|net|m)\b[^;\n]{0,200}\.(?:cuda\s*\(\s*\)|to\s*\(\s*['"]cuda(?::\d)?['"]\s*\))/,
];

/** Code that may go on where there is no GPU. */
const minds = /\btry\s*:|(?:\bif|\band)\s+torch\.cuda\.|\bif\s+[^;\n]{0,80}is_available|is_available\s*\(\s*\)\s*(?:and|or)\b|\bif\s+\w/;

/** The call in a piece of Python that fails without a GPU; undefined where none certainly does. */
export function needsGpu(code: string): string | undefined {
  const found = calls.map((call) => call.exec(code)?.[0]).find((text) => text !== undefined);
  if (found === undefined || (minds.test(code.replace(/\b0 if torch\.cuda\.is_available/g, '')))) return undefined;
  return found.replace(/\s+/g, ' ');
}

/** A step of a build that needs a GPU. */
export interface GpuUse {
  readonly at: Span;
  readonly what: string;
}

const isPython = ({ name }: Command): boolean => /^python[\d.]*$/.test(name);

function useOf(file: Dockerfile, command: Command): GpuUse | undefined {
  if (command.name === 'nvidia-smi') return { at: command.program.span, what: 'nvidia-smi' };
  if (!isPython(command)) return undefined;
  const code = flagValue(command.words, '-c');
  const body = command.redirects.some(({ operator }) => operator.startsWith('<<')) ? command.instruction.heredocs[0]?.body : undefined;
  const what = needsGpu(code?.text ?? (body === undefined ? '' : textAt(file.source, body)));
  return what === undefined ? undefined : { at: code?.span ?? command.program.span, what };
}

/** The commands of a script that fail the build where it has no GPU. */
export const gpuUses = (file: Dockerfile, script: Script): GpuUse[] =>
  // `RUN --device=nvidia.com/gpu=all` gives the step a GPU.
  flag(script.instruction, 'device') !== undefined ? [] : script.commands.filter((command) => failsTheBuild(file, script, command))
    .flatMap((command) => useOf(file, command) ?? []);
