import type { ImageReference } from '../dockerfile/image.ts';
import { findKnown } from './bases/find.ts';
import { nameOf, withoutVariables } from './bases/name.ts';
import { slimOf, slimSaves } from './bases/slim.ts';
import { readMarks, releaseOfTag, type TagMarks } from './bases/tag.ts';
import { words } from './bases/types.ts';
import type { Distribution, ImageFacts, KnownFacts, KnownImage, ShellKind, Variant } from './bases/types.ts';

export { slimOf } from './bases/slim.ts';
export type { Distribution, ImageFacts, ShellKind, Variant } from './bases/types.ts';

interface DistributionFacts {
  readonly shell: ShellKind;
  readonly bash: boolean;
  /** Its package manager first. */
  readonly programs: readonly string[];
  readonly users: readonly string[];
}

const redHatUsers = [
  'root', 'bin', 'daemon', 'adm', 'lp', 'sync', 'shutdown', 'halt', 'mail', 'operator', 'games', 'ftp', 'nobody', 'dbus', 'tss',
  'systemd-network', 'systemd-coredump', 'systemd-resolve', 'systemd-oom', 'systemd-timesync', 'systemd-bus-proxy',
];
const debianUsers = [
  'root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy', 'www-data', 'backup', 'list', 'irc',
  'gnats', 'nobody', '_apt',
];

/** What every image of a distribution has; users that only older or newer releases have are here too. */
const distributions: Readonly<Record<Distribution, DistributionFacts>> = {
  debian: { shell: 'dash', bash: true, programs: ['apt-get', 'apt'], users: debianUsers },
  ubuntu: { shell: 'dash', bash: true, programs: ['apt-get', 'apt'], users: debianUsers },
  alpine: {
    shell: 'ash', bash: false, programs: ['apk'],
    users: [
      'root', 'bin', 'daemon', 'adm', 'lp', 'sync', 'shutdown', 'halt', 'mail', 'news', 'uucp', 'operator', 'man', 'postmaster', 'cron',
      'ftp', 'sshd', 'at', 'squid', 'xfs', 'games', 'cyrus', 'vpopmail', 'ntp', 'smmsp', 'guest', 'nobody',
    ],
  },
  rhel: { shell: 'bash', bash: true, programs: ['yum'], users: redHatUsers },
  fedora: { shell: 'bash', bash: true, programs: ['dnf'], users: redHatUsers },
  amazon: { shell: 'bash', bash: true, programs: ['yum'], users: redHatUsers },
  suse: { shell: 'bash', bash: true, programs: ['zypper'], users: ['root', 'bin', 'daemon', 'lp', 'mail', 'man', 'nobody'] },
  arch: {
    shell: 'bash', bash: true, programs: ['pacman'],
    users: [
      'root', 'bin', 'daemon', 'mail', 'ftp', 'http', 'nobody', 'dbus', 'uuidd', 'tss', 'alpm', 'systemd-network', 'systemd-resolve', 'systemd-oom',
    ],
  },
  wolfi: { shell: 'ash', bash: false, programs: ['apk'], users: ['root', 'nobody'] },
  busybox: {
    shell: 'ash', bash: false, programs: [],
    users: ['root', 'daemon', 'bin', 'sys', 'sync', 'mail', 'www-data', 'operator', 'nobody'],
  },
  distroless: { shell: 'none', bash: false, programs: [], users: ['root', 'nobody', 'nonroot'] },
  windows: { shell: 'windows', bash: false, programs: [], users: ['ContainerAdministrator', 'ContainerUser'] },
};

/** A tag, read. It is open where it holds a variable, or is left out for a digest. */
interface ReadTag {
  readonly text: string;
  readonly open: boolean;
  /** What the tables' patterns look at: of an open tag only what is behind its last variable. */
  readonly certain: string;
  readonly marks: TagMarks;
}

/** An argument without a value leaves a gap in a tag, `-slim`, `12.1-`, and some values only hold a place: the build's caller fills both. */
function withGaps(tag: string): string {
  const held = tag.replace(/(?<![^-])(?:notset|unset|none|undefined|placeholder|invalid)(?![^-])/g, '$$');
  return held.replace(/^(?=[-.]|$)/, '$$').replace(/(?<=[-.])$/, '$$').replace(/(?<=[-.])(?=[-.])/g, '$$');
}

function readTag(image: ImageReference, known: KnownImage): ReadTag {
  const missing = image.digest === undefined ? 'latest' : '$';
  const text = withGaps(withoutVariables(image.tag ?? missing).toLowerCase());
  const name = known.nameTells === true ? `${image.name.toLowerCase()}-` : '';
  return { text, open: text.includes('$'), certain: text.slice(Math.max(0, text.lastIndexOf('$'))), marks: readMarks(name + text) };
}

type Merged = KnownFacts & { readonly users: string; readonly programs: string };

/** The image's facts with those of its tag laid over them. */
function merge(known: KnownImage, tag: ReadTag): Merged {
  let facts: Merged = { ...known, users: known.users ?? '', programs: known.programs ?? '' };
  for (const [pattern, changes] of known.tags ?? []) {
    if (!pattern.test(tag.certain)) continue;
    const joined = (one: string, other: string | undefined): string => [...words(one), ...words(other)].join(' ');
    facts = { ...facts, ...changes, users: joined(facts.users, changes.users), programs: joined(facts.programs, changes.programs) };
  }
  return facts;
}

/** The marks of a tag win over the tables; a tag nobody can read leaves the distribution open where tags differ in it. */
function distributionOf(known: KnownImage, facts: Merged, { open, marks }: ReadTag): Distribution | undefined {
  if (known.oneDistribution === true) return facts.distribution;
  if (marks.distribution !== undefined) return marks.distribution === 'other' ? undefined : marks.distribution;
  const said = facts.distribution !== known.distribution || (marks.slim && known.slim !== undefined);
  return open && !said ? undefined : facts.distribution;
}

function variantOf(facts: Merged, distribution: Distribution | undefined, { open, marks }: ReadTag): Variant | undefined {
  if (marks.distroless || distribution === 'distroless') return 'distroless';
  if (facts.variant !== undefined && facts.variant !== 'full') return facts.variant;
  if (distribution === 'alpine') return 'alpine';
  if (marks.slim) return 'slim';
  return open || distribution === 'windows' ? undefined : facts.variant;
}

function releaseFor(known: KnownImage, facts: Merged, distribution: Distribution | undefined, tag: ReadTag): string | undefined {
  if (known.tagIsRelease === true && distribution !== undefined) return tag.marks.release ?? releaseOfTag(distribution, tag.text);
  return tag.marks.release ?? facts.release;
}

/** Red Hat's family has `dnf` from release 8 on, Amazon Linux from 2023 on; `yum` is there all the same. */
function managersOf(distribution: Distribution | undefined, release: string | undefined): readonly string[] {
  if (distribution === undefined) return [];
  const { programs } = distributions[distribution];
  const first = distribution === 'rhel' ? 8 : 2023;
  return programs.includes('yum') && Number(release) >= first ? ['dnf', ...programs] : programs;
}

/** Azure Linux, Mariner and Photon: we have no name for them. */
const otherShell = { shell: 'bash', bash: true } as const;
const otherPrograms = ['tdnf'];
const isOther = (known: KnownImage, { marks }: ReadTag): boolean => known.oneDistribution !== true && marks.distribution === 'other';

/** Ubuntu has a user of its own from 23.04 on; where the release is not known it may be there. */
function usersAreWhole(facts: Merged, distribution: Distribution | undefined, release: string | undefined, open: boolean): boolean {
  if (facts.usersAreWhole !== true || open || distribution === undefined || distribution === 'windows') return false;
  return distribution !== 'ubuntu' || release !== undefined || words(facts.users).includes('ubuntu');
}

/** Windows images of the same name share its programs and little else. */
const windowsFacts = { user: undefined, users: [], workdir: undefined, environment: undefined };

function factsOf(image: ImageReference, known: KnownImage): ImageFacts {
  const tag = readTag(image, known);
  const facts = merge(known, tag);
  const distribution = distributionOf(known, facts, tag);
  const own = isOther(known, tag) ? otherShell : distribution && distributions[distribution];
  const bare = tag.marks.distroless && tag.marks.distribution !== 'windows';
  const variant = variantOf(facts, distribution, tag);
  const release = releaseFor(known, facts, distribution, tag);
  const usual = isOther(known, tag) ? otherPrograms : managersOf(distribution, release);
  const managers = facts.manager === undefined ? usual : words(facts.manager);
  const full = variant === 'full' ? words(known.fullPrograms) : [];
  const text = variant === 'full' ? slimOf(image.text) : undefined;
  const saves = text === undefined ? undefined : slimSaves(image.text);
  return {
    distribution,
    release,
    user: facts.user,
    users: [...new Set(words(facts.users))],
    workdir: facts.workdir,
    shell: bare ? 'none' : 'shell' in facts ? facts.shell : own?.shell,
    bash: bare ? false : 'bash' in facts ? facts.bash : own?.bash,
    environment: facts.environment === undefined ? undefined : words(facts.environment),
    programs: [...new Set([...(bare ? [] : managers), ...words(facts.programs), ...full])],
    variant,
    slim: text === undefined || saves === undefined ? undefined : { text, saves },
    ...(usersAreWhole(facts, distribution, release, tag.open) ? { usersAreWhole: true } : {}),
    ...(facts.stepsDown === undefined ? {} : { stepsDown: facts.stepsDown }),
    ...(facts.shellCommand === undefined ? {} : { shellCommand: facts.shellCommand }),
    ...(distribution === 'windows' ? windowsFacts : {}),
  };
}

/** What we know of an image by its name and tag; undefined for an image we don't know. */
export function imageFacts(image: ImageReference): ImageFacts | undefined {
  const known = findKnown(nameOf(image));
  return known === undefined ? undefined : factsOf(image, known);
}

/** Whether the image brings CUDA. */
export const isCudaImage = (facts: ImageFacts | undefined): boolean => facts?.programs.includes('cuda') === true;

/** Whether a container of the image runs as root unless told otherwise; undefined where nobody can tell. */
export function defaultUserIsRoot(facts: ImageFacts | undefined): boolean | undefined {
  return facts?.user === undefined ? undefined : /^(?:root|0)(?::|$)/.test(facts.user);
}

const packageManagers = ['apt-get', 'apk', 'dnf', 'microdnf', 'yum', 'zypper', 'pacman', 'tdnf'] as const;
export type SystemPackageManager = (typeof packageManagers)[number];

/** The image's own package manager; undefined where there is none or nobody can tell. */
export const packageManagerOf = (facts: ImageFacts | undefined): SystemPackageManager | undefined =>
  packageManagers.find((name) => facts?.programs.includes(name));

/** Users that images of the distribution have; some only in older or newer releases. */
export const systemUsers = (distribution: Distribution | undefined): readonly string[] =>
  distribution === undefined ? [] : distributions[distribution].users;
