import type { Distribution } from './types.ts';

/** What a tag says by words that mean the same in nearly all images. */
export interface TagMarks {
  /** `other`: one we have no name for, that has `tdnf`. */
  readonly distribution: Distribution | 'other' | undefined;
  readonly release: string | undefined;
  readonly slim: boolean;
  readonly distroless: boolean;
}

export const debianReleases: ReadonlyMap<string, string> = new Map([
  ['7', 'wheezy'], ['8', 'jessie'], ['9', 'stretch'], ['10', 'buster'], ['11', 'bullseye'],
  ['12', 'bookworm'], ['13', 'trixie'], ['14', 'forky'],
]);

const ubuntuReleases: ReadonlyMap<string, string> = new Map([
  ['precise', '12.04'], ['trusty', '14.04'], ['xenial', '16.04'], ['artful', '17.10'], ['bionic', '18.04'], ['cosmic', '18.10'],
  ['disco', '19.04'], ['eoan', '19.10'], ['focal', '20.04'], ['groovy', '20.10'], ['hirsute', '21.04'], ['impish', '21.10'],
  ['jammy', '22.04'], ['kinetic', '22.10'], ['lunar', '23.04'], ['mantic', '23.10'], ['noble', '24.04'], ['oracular', '24.10'],
  ['plucky', '25.04'], ['questing', '25.10'], ['resolute', '26.04'],
]);

const debianNames: ReadonlySet<string> = new Set([...debianReleases.values(), 'sid']);

/** A distribution's name in a tag, its release behind it. The end of a mark is the end of a word or a variable. */
const marks: readonly (readonly [RegExp, Distribution | 'other'])[] = [
  [/(?:^|[-_/])(?:windowsservercore|nanoserver|windows|ltsc20\d\d)/, 'windows'],
  [/(?:^|[-_/])alpine-?(?:(\d+\.\d+)|\d*(?=[-_./$]|$))/, 'alpine'],
  [/(?:^|[-_/])ubuntu-?(?:(\d\d[.-]?\d\d)|\d*(?=[-_./$]|$))/, 'ubuntu'],
  [/(?:^|[-_/])debian-?(?:(\d+)|(?=[-_./$]|$))/, 'debian'],
  [/(?:^|[-_/])(?:ubi|rhel|redhat|rockylinux|rocky|almalinux|alma|centos(?:-?stream)?|oraclelinux|ol)-?(\d+)/, 'rhel'],
  [/(?:^|[-_/])(?:ubi|rhel|rockylinux|almalinux|centos|oraclelinux)(?=[-_/$]|$)/, 'rhel'],
  [/(?:^|[-_/])(?:amzn|al|amazon|amazonlinux)-?(20\d\d|[12])(?=[-_./$]|$)/, 'amazon'],
  [/(?:^|[-_/])(?:amzn|amazonlinux)(?=[-_/$]|$)/, 'amazon'],
  [/(?:^|[-_/])fedora-?(?:(\d+)|(?=[-_/$]|$))/, 'fedora'],
  [/(?:^|[-_/])(?:opensuse|leap|sles|sle|bci)-?(?:(\d+(?:\.\d+)?)|(?=[-_/$]|$))/, 'suse'],
  [/(?:^|[-_/])tumbleweed(?=[-_/$]|$)/, 'suse'],
  [/(?:^|[-_/])archlinux(?=[-_/$]|$)/, 'arch'],
  [/(?:^|[-_/])wolfi(?=[-_/$]|$)/, 'wolfi'],
  [/(?:^|[-_/])(?:azurelinux|cbl-mariner|mariner|photon)/, 'other'],
];

/** Ubuntu's `22-04` and `2204` become `22.04`. */
function releaseOf(distribution: Distribution | 'other', version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  if (distribution === 'debian') return debianReleases.get(version);
  return distribution === 'ubuntu' ? version.replace(/^(\d\d)[.-]?(\d\d)$/, '$1.$2') : version;
}

function codeName(text: string): Pick<TagMarks, 'distribution' | 'release'> | undefined {
  for (const word of text.split(/[-_/]/)) {
    if (debianNames.has(word)) return { distribution: 'debian', release: word };
    const number = ubuntuReleases.get(word);
    if (number !== undefined) return { distribution: 'ubuntu', release: number };
  }
  return undefined;
}

/** A number right in front of a variable is not all of it. */
const isWhole = (text: string, end: number): boolean => text[end] !== '$';

function mark(text: string): Pick<TagMarks, 'distribution' | 'release'> {
  for (const [pattern, distribution] of marks) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const version = isWhole(text, match.index + match[0].length) ? match[1] : undefined;
    return { distribution, release: releaseOf(distribution, version) };
  }
  return { distribution: undefined, release: undefined };
}

/** Reads a tag; its variables are `$`. */
export function readMarks(tag: string): TagMarks {
  const found = codeName(tag) ?? mark(tag);
  return {
    ...found,
    slim: /(?:^|-)slim(?=-|$)/.test(tag),
    distroless: /(?:^|[-_])(?:distroless|chiseled)(?=[-_]|$)/.test(tag),
  };
}

/** How many parts of a version make a release. */
const releaseParts: Partial<Record<Distribution, RegExp>> = {
  debian: /^\d+(?=$|[.-])/,
  ubuntu: /^\d\d\.\d\d(?=$|[.-])/,
  alpine: /^\d+\.\d+(?=$|[.-])/,
  rhel: /^(?:centos|stream|v)?(\d+)(?=$|[.-])/,
  fedora: /^\d+(?=$|[.-])/,
  amazon: /^(?:20\d\d|[12])(?=$|[.-])/,
  suse: /^\d+(?:\.\d+)?(?=$|[.-])/,
};

/** The release a distribution's own image has, by its tag: `debian:12.5-slim` is bookworm. */
export function releaseOfTag(distribution: Distribution, tag: string): string | undefined {
  if (tag === 'edge' && distribution === 'alpine') return tag;
  const match = releaseParts[distribution]?.exec(tag);
  const version = match?.[1] ?? match?.[0];
  // Amazon Linux 1 was numbered by its year and month.
  return version?.startsWith('201') === true ? '1' : releaseOf(distribution, version);
}
