import { compilePattern } from '../pattern.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { tooManyMembers } from './sentences.ts';

/** More members than this would be as many lines of COPY, which nobody wants to read. */
export const mostMembers = 40;

/** The most patterns that braces are taken apart into. */
const mostAlternatives = 64;

/** `{a,b}/c` as `a/c` and `b/c`; undefined for too many, or for braces that are no list. */
function alternatives(pattern: string): string[] | undefined {
  let done = [''];
  for (let at = 0; at < pattern.length; ) {
    const open = pattern.indexOf('{', at);
    const plain = pattern.slice(at, open === -1 ? pattern.length : open);
    done = done.map((each) => each + plain);
    if (open === -1) break;
    const close = pattern.indexOf('}', open);
    const parts = pattern.slice(open + 1, close).split(',');
    if (close === -1 || parts.length < 2 || parts.some((part) => part.includes('{')) || done.length * parts.length > mostAlternatives) return undefined;
    done = done.flatMap((each) => parts.map((part) => each + part));
    at = close + 1;
  }
  return done;
}

interface MemberRule {
  readonly pattern: string;
  readonly negated: boolean;
  /** Tells whether a manifest, relative to the root of the workspace, is one of a member. */
  readonly matches: (path: string) => boolean;
}

/** Reads a pattern that names folders; undefined, with a refusal, where what it means can't be told. */
function readRule(reading: ManifestReading, pattern: string, manifest: string, listedIn: string): MemberRule | undefined {
  const negated = pattern.startsWith('!');
  const plain = pattern.slice(negated ? 1 : 0).replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  const isPlain = !/\\|[@?+*!]\(|(?:^|\/)\.\.(?:\/|$)/.test(plain);
  const tests = (isPlain ? alternatives(plain) : undefined)?.map((each) => compilePattern(below(each, manifest) ?? manifest));
  const sound = tests?.filter((test) => test !== undefined);
  if (tests === undefined || sound === undefined || sound.length < tests.length) {
    reading.refuse(`${code(listedIn)} names members by ${code(pattern)}, which can't be worked out.`);
    return undefined;
  }
  return { pattern, negated, matches: (path) => sound.some((test) => test(path)) };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A folder that is a link may be a member too, and what lies behind it is not among the files of the context. */
function checkLinks(reading: ManifestReading, rules: readonly MemberRule[], manifest: string, relative: (path: string) => string): void {
  for (const path of reading.context.sentBelow(reading.folder)) {
    if (nameOf(path).includes('.')) continue;
    const rule = rules.find(({ negated, matches }) => !negated && matches(`${relative(path)}/${manifest}`));
    if (rule === undefined || !reading.context.isLink(path) || reading.context.read(path) !== undefined) continue;
    if (reading.context.has(`${path}/${manifest}`)) reading.refuse(`${code(path)} is a link to a member of the workspace, which a COPY of its own would not follow.`);
    else if (rule.pattern.includes('**')) reading.doubt(`Behind the link ${code(path)} there may be members of the workspace.`);
  }
}

/** Where the members of a workspace are listed, and how. */
export interface MemberList {
  /** The file that lists them. */
  readonly path: string;
  /** Globs of folders, relative to the install's folder; `!` takes folders out. */
  readonly patterns: readonly string[];
}

/**
 * The manifests of a workspace's members, by the globs that list them. Where managers read a glob differently (names that begin
 * with a dot, `!`), it is read so that it matches more: a manifest too many changes nothing, for the install finds it among the
 * sources as well.
 * @param names how a manifest may be called, the usual name first: `package.json`
 * @param negates `!` takes folders out for this manager
 */
export function findMembers(reading: ManifestReading, list: MemberList, names: readonly [string, ...string[]], negates: boolean): string[] {
  const [manifest] = names;
  const wanted = list.patterns.filter((pattern) => !/^(?:|\.|\.\/)$/.test(pattern) && (negates || !pattern.startsWith('!')));
  const rules = wanted.flatMap((pattern) => readRule(reading, pattern, manifest, list.path) ?? []);
  if (rules.length === 0) return [];
  const relative = (path: string): string => (reading.folder === '' ? path : path.slice(reading.folder.length + 1));
  const tested = (path: string): string => below(folderOf(relative(path)), manifest) ?? manifest;
  const candidates = reading.context.sentBelow(reading.folder).filter((path) => names.includes(nameOf(path)) && folderOf(path) !== reading.folder);
  const found = candidates.filter((path) => rules.findLast(({ matches }) => matches(tested(path)))?.negated === false);
  checkLinks(reading, rules, manifest, relative);
  for (const { pattern, negated, matches } of rules) {
    if (!negated && !candidates.some((path) => matches(tested(path)))) reading.doubt(`No member is found for ${code(pattern)} of ${code(list.path)}.`);
  }
  if (found.length <= mostMembers) return found;
  reading.refuse(tooManyMembers(list.path, found.length));
  return [];
}
