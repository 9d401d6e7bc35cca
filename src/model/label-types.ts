import { isLicenceExpression } from './licences.ts';

/** What a label's value may have to be: a check, how it is called, and an example. */
export interface LabelType {
  readonly fits: (value: string) => boolean;
  /** With its article: "a URL". */
  readonly what: string;
  readonly example: string;
}

/** A URI with its scheme (RFC 3986, 3.1): no blanks, quotes, or other characters that a URI never holds. */
const isUrl = (value: string): boolean => /^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]+$/i.test(value) && !/%(?![0-9a-f]{2})/i.test(value);

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** A time of RFC 3339, 5.6: `2024-05-31T12:00:00Z`. */
function isTime(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(value);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const dated = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return dated && hour < 24 && minute < 60 && second <= 60 && offsetHour < 24 && offsetMinute < 60;
}

/** A version of Semantic Versioning 2.0.0: no leading `v`, no leading zeros. */
function isVersion(value: string): boolean {
  const [, core = '', before, build] = /^(\d+\.\d+\.\d+)(?:-([\w.-]+))?(?:\+([\w.-]+))?$/.exec(value) ?? [];
  const parts = (text: string | undefined): string[] => text?.split('.') ?? [];
  const noZeros = [...parts(core), ...parts(before)].every((part) => !/^0\d+$/.test(part));
  return core !== '' && noZeros && [...parts(before), ...parts(build)].every((part) => /^[0-9A-Za-z-]+$/.test(part));
}

const isEmail = (value: string): boolean =>
  value.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(value) && !/^\.|\.\.|\.@/.test(value);

/** The kinds of values by the names hadolint has for them. */
export const labelTypes: ReadonlyMap<string, LabelType> = new Map([
  ['text', { fits: () => true, what: 'a text', example: 'any text' }],
  ['url', { fits: isUrl, what: 'a URL', example: 'https://example.com/app' }],
  ['rfc3339', { fits: isTime, what: 'a time as RFC 3339 writes it', example: '2024-05-31T12:00:00Z' }],
  ['spdx', { fits: isLicenceExpression, what: 'an SPDX licence expression', example: 'Apache-2.0' }],
  ['hash', { fits: (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(value), what: 'a Git commit of 7 or 40 hexadecimal digits', example: '1a2b3c4' }],
  ['semver', { fits: isVersion, what: 'a semantic version', example: '1.4.0' }],
  ['email', { fits: isEmail, what: 'an e-mail address', example: 'team@example.com' }],
]);
