import type { BuildContext } from '../context/context.ts';
import type { Command, Step } from '../dockerfile/command.ts';
import { hasFlag } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { applyEdits, newlineOf } from '../edits.ts';
import { cleanContextPath } from '../model/copy.ts';
import { readDockerfile, type Dockerfile } from '../model/dockerfile.ts';
import { readInvocation, type Invocation } from '../model/packages.ts';
import { mounts, type Stage } from '../model/stages.ts';
import { safe, unsafe, type Edit, type Fix } from '../rule.ts';
import { span } from '../span.ts';
import { folderTest, isBroadCopy } from './broad.ts';
import { formsWithoutProject, type Form } from './dependencies-form.ts';
import { judgeManifests } from './dependencies-manifests.ts';
import { withComments } from './lines.ts';
import { sinkEdits } from './sink-edits.ts';
import { sinkPlans, type SinkPlan } from './sink.ts';
import { throwsAway } from './split.ts';

/** An install in two steps: the dependencies from the manifests alone, the project below its sources. */
export interface DependenciesFirst {
  readonly fix: Fix;
  /** Why the image may differ, a sentence each; none for a safe fix. */
  readonly doubts: readonly string[];
}

/** Commands that only change the shell they run in; both steps need them. */
const shellOnly = new Set(['', ':', 'true', 'cd', 'set', 'export', 'unset', 'umask']);

const isShellOnly = ({ name, redirects }: Command): boolean => shellOnly.has(name) && redirects.length === 0;

/** Commands whose work stays in the layer, so that the step below need not do it again. */
const lasting = new Set(['refresh', 'install-named', 'configure', 'upgrade']);

/** Caches and lists that a RUN takes away at its end; each step leaves its own. */
function isCleaning(command: Command): boolean {
  if (command.redirects.length > 0) return false;
  if (command.name !== 'rm') return readInvocation(command)?.action === 'clean';
  const paths = command.words.filter(({ text }) => !text.startsWith('-'));
  return hasFlag(command.words, '-f', '--force') && paths.every(({ text }) => /cache|^\/tmp\/|^\/var\/(?:lib\/apt\/lists|tmp)\//i.test(text) && !text.includes('..'));
}

/** A step that is one command, and runs whatever happens but a failure in front of it. */
const commandOf = ({ kind, operator, negated, background, commands }: Step): Command | undefined =>
  kind === 'command' && /^(?:&&|;|\n)?$/.test(operator) && !negated && !background && commands.length === 1 ? commands[0] : undefined;

/** The command of a RUN that installs the project itself. */
export const projectInstall = (file: Dockerfile, run: Instruction): Invocation | undefined =>
  file.commandsOf(run).map((command) => readInvocation(command)).find((invocation) => invocation?.action === 'install-project');

/** A RUN that installs the project, in pieces. */
interface ProjectRun {
  readonly install: Invocation;
  /** The commands in front of the install whose work stays: the step below is without them. */
  readonly once: Edit | undefined;
  /** Where the step of the dependencies ends: what is behind needs the project. */
  readonly end: number;
}

/** Where the commands in front of an install begin whose work stays: shell settings come first. undefined: a mixture. */
function firstLasting(steps: readonly Command[]): Command | 'none' | undefined {
  const lasts = steps.map((command) => isCleaning(command) || lasting.has(readInvocation(command)?.action ?? ''));
  const first = lasts.indexOf(true);
  const settings = steps.slice(0, first === -1 ? undefined : first);
  if (!settings.every(isShellOnly) || lasts.slice(settings.length).includes(false)) return undefined;
  return steps[settings.length] ?? 'none';
}

/** Where the dependencies' step ends, by what stands behind the install; undefined where its layer would keep what is thrown away. */
function endBehind(install: Command, behind: readonly Command[], run: Instruction): number | undefined {
  if (behind.every((command) => isShellOnly(command) || isCleaning(command))) return run.span.end;
  return behind.some(throwsAway) ? undefined : install.step.span.end;
}

/** Reads a RUN that can be done in two steps: shell settings, what stays in the layer, the install, and what comes behind. */
function readProjectRun(file: Dockerfile, run: Instruction): ProjectRun | undefined {
  const [script, ...others] = file.scripts(run);
  if (script === undefined || others.length > 0 || script.heredoc || script.exec || script.unreadable) return undefined;
  const commands = script.steps.map(commandOf).filter((command) => command !== undefined);
  const at = commands.findIndex((command) => readInvocation(command)?.action === 'install-project');
  const install = commands[at];
  const invocation = install && readInvocation(install);
  if (commands.length < script.steps.length || install === undefined || invocation === undefined) return undefined;
  if (commands.slice(at + 1).some((command) => readInvocation(command)?.action.startsWith('install'))) return undefined;
  const first = firstLasting(commands.slice(0, at));
  const end = endBehind(install, commands.slice(at + 1), run);
  if (first === undefined || end === undefined) return undefined;
  const once = first === 'none' ? undefined : { span: span(first.step.span.start, install.step.span.start), text: '' };
  return { install: invocation, once, end };
}

/** A folder of the sources that is mounted changes with them, so nothing would be gained. */
const mountsSources = (run: Instruction, context: BuildContext | undefined): boolean => mounts(run).some(({ type, from, source }) => {
  const path = cleanContextPath(source ?? '');
  return type === 'bind' && from === undefined && (path === '' || folderTest(context)(path));
});

/** Words for other tools count for the next instruction only, so both steps need them. */
const isForTools = (comment: string): boolean => /hadolint|shipshape|checkov|trivy|semgrep|check\s*=/i.test(comment);

/** A comment that speaks of the project stays with it; any other belongs to the first of the two. */
const isForProject = (comment: string): boolean => /\b(?:project|local|package|itself|sources?|code)\b/i.test(comment) && !/depend|requirement/i.test(comment);

/** The file with a RUN of the dependencies alone in front of the one that installs the project. */
interface Draft {
  /** Where in the file itself. */
  readonly at: number;
  readonly added: string;
  /** What stands between the two. */
  readonly joint: string;
  readonly plan: SinkPlan;
  readonly file: Dockerfile;
}

/** The dependencies would be installed with every change all the same, for sources that stay above. */
const sourcesStay = (file: Dockerfile, { stage, run, copies }: SinkPlan, context: BuildContext | undefined): boolean =>
  stage.instructions.some((each) => each.index < run.index && isBroadCopy(file, each, context) && !copies.some(({ copy }) => copy === each));

/** Puts the dependencies' RUN in, and asks what it needs; undefined where that is more than manifests. */
function draft(file: Dockerfile, stage: Stage, run: Instruction, end: number, form: Form, context: BuildContext | undefined): Draft | undefined {
  const { start } = run.span;
  const { source } = file;
  const shifted = form.edits.map((edit) => ({ ...edit, span: span(edit.span.start - start, edit.span.end - start) }));
  const added = applyEdits(source.slice(start, end), shifted);
  const comments = source.slice(withComments(file, run).start, start);
  const at = isForProject(comments) ? start - comments.length : start;
  const indent = /[ \t]*$/.exec(source.slice(0, at))?.[0] ?? '';
  const joint = newlineOf(source) + indent + (at === start && isForTools(comments) ? comments : '');
  const drafted = readDockerfile(source.slice(0, at) + added + joint + source.slice(at), { path: file.path, buildArguments: file.buildArguments });
  const draftedStage = drafted.stages[stage.index];
  const plan = draftedStage && sinkPlans(drafted, draftedStage, context).find((each) => each.run.index === run.index);
  if (plan === undefined || plan.refusals.length > 0 || plan.split !== undefined || sourcesStay(drafted, plan, context)) return undefined;
  // Without a context, a folder that brings no manifest may be a dependency itself.
  if (context === undefined && plan.copies.some(({ needed }) => needed.length === 0)) return undefined;
  return { at, added, joint, plan, file: drafted };
}

/** The edits of the draft as edits of the file itself. */
function editsOf({ at, added, joint, plan, file }: Draft, once: Edit | undefined): Edit[] | undefined {
  const sunk = sinkEdits(file, plan);
  const below = sunk?.find((edit) => edit.span.start === at + added.length);
  if (sunk === undefined || below === undefined || sunk.some((edit) => edit !== below && edit.span.end > at)) return undefined;
  const gap = /^(?:\r?\n){2}/.test(below.text) ? newlineOf(file.source) : '';
  return [
    ...sunk.filter((edit) => edit !== below),
    { span: span(at, at), text: added + below.text + gap + joint },
    ...(once === undefined ? [] : [once]),
  ];
}

const isLock = (path: string): number => Number(/lock/.test(path));

function titleOf({ copies }: SinkPlan): string {
  const paths = copies.flatMap(({ needed }) => needed.map(({ path }) => path.replace(/\*$/, '')));
  const names = [...new Set(paths)].sort((a, b) => a.split('/').length - b.split('/').length || isLock(a) - isLock(b)).map((name) => `\`${name}\``);
  const from = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more files` : names.join(', ');
  return `Install the dependencies${from === '' ? '' : ` from ${from}`} first, and the project below its sources`;
}

/**
 * Parts an install of a project in two: its dependencies from the manifests alone, by the flag its manager has for that, then the
 * sources, then the install as it was, which has only the project left to do.
 * @param plan a plan that can't be carried out because the install builds the project
 * @returns undefined where the manager has no such flag, the RUN does more, or the dependencies need more than manifests
 */
export function dependenciesFirst(file: Dockerfile, stage: Stage, plan: SinkPlan, context: BuildContext | undefined): DependenciesFirst | undefined {
  const { run } = plan;
  const found = readProjectRun(file, run);
  if (found === undefined || run.unfinished || mountsSources(run, context)) return undefined;
  for (const form of formsWithoutProject(found.install)) {
    const drafted = draft(file, stage, run, found.end, form, context);
    if (drafted === undefined) continue;
    const { refusals, doubts } = judgeManifests(file, stage, drafted.plan, form, context);
    const edits = refusals.length > 0 ? undefined : editsOf(drafted, found.once);
    if (edits === undefined) continue;
    const all = [...new Set([...drafted.plan.doubts, ...form.doubts, ...doubts])];
    const fix = (all.length === 0 && context !== undefined ? safe : unsafe)(titleOf(drafted.plan), edits);
    // Its words are said twice, so another fix of them waits.
    return { fix: { ...fix, whole: run.span }, doubts: all };
  }
  return undefined;
}
