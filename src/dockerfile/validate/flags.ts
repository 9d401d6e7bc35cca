import type { Flag } from '../words.ts';
import { checkDevice, checkMount } from './mount.ts';
import { isExpandable, literal, meant, shown, type Check } from './values.ts';

/** `list` flags may stand several times, a `switch` takes `true`, `false` or nothing. */
type Kind = 'text' | 'list' | 'switch';

const copyFlags = { chown: 'text', chmod: 'text', link: 'switch', exclude: 'list' } as const;

const flagsOf: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  FROM: { platform: 'text' },
  RUN: { mount: 'list', network: 'text', security: 'text', device: 'list' },
  COPY: { ...copyFlags, from: 'text', parents: 'switch' },
  ADD: { ...copyFlags, 'keep-git-dir': 'switch', checksum: 'text', unpack: 'switch' },
  HEALTHCHECK: { interval: 'text', timeout: 'text', 'start-period': 'text', 'start-interval': 'text', retries: 'text' },
};

/** These drop their flags unread. */
const careless = new Set(['ARG', 'STOPSIGNAL']);

function isKnown(flag: Flag, kinds: Readonly<Record<string, Kind>>, { instruction, report }: Check): boolean {
  if (Object.hasOwn(kinds, flag.name)) return true;
  const names = Object.keys(kinds);
  const { keyword } = instruction;
  const written = shown(`--${flag.name}`);
  const near = meant(flag.name.toLowerCase(), names);
  if (names.length === 0) report(flag.span, `${keyword} has no flags; take ${written} away.`);
  else if (near !== undefined) report(flag.span, `${keyword} has no flag ${written}; did you mean \`--${near}\`?`);
  else report(flag.span, `${keyword} has no flag ${written}; it has ${names.map((name) => `\`--${name}\``).join(', ')}.`);
  return false;
}

/** @returns false when the flag has a value it may not have, or none where it needs one */
function hasValue(flag: Flag, kind: Kind, { report }: Check): boolean {
  const name = `--${flag.name}`;
  if (kind !== 'switch') {
    if (flag.value !== undefined) return true;
    report(flag.span, `\`${name}\` has no value; write it with an equals sign, \`${name}=VALUE\`.`);
    return false;
  }
  if (flag.value === undefined || /^(?:true|false)$/i.test(flag.value)) return true;
  report(flag.span, `\`${name}\` must be \`true\` or \`false\`, not ${shown(flag.value)}; write \`${name}\` alone to switch it on.`);
  return false;
}

function oneOf(...values: readonly string[]) {
  return (flag: Flag, { report }: Check): void => {
    if (values.includes(flag.value ?? '')) return;
    report(flag.span, `\`--${flag.name}\` must be one of ${values.join(', ')}, not ${shown(flag.value ?? '')}.`);
  };
}

/** Clauses such as `u=rwx,go-w`; several operators may stand in one. */
const symbolicMode = /^[augo]*(?:[-+=][rwxXstugo]*)+(?:,[augo]*(?:[-+=][rwxXstugo]*)+)*$/;

function checkMode(flag: Flag, check: Check): void {
  const mode = literal(flag.value ?? '', check.escape);
  if (mode === undefined || mode === '' || symbolicMode.test(mode)) return;
  if (/^[0-7]+$/.test(mode) && Number.parseInt(mode, 8) <= 0o7777) return;
  check.report(flag.valueSpan, `${shown(mode)} is no file mode; write it in octal up to 7777, such as \`755\`, or as in \`u=rwx,go=rx\`.`);
}

const unit: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 };

/** Milliseconds of a duration as Go writes it (`1m30s`); undefined where it is none. */
function milliseconds(text: string): number | undefined {
  const match = /^([-+]?)(.*)$/s.exec(text);
  const rest = match?.[2] ?? '';
  if (rest === '0') return 0;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  const sum = [...rest.matchAll(/([\d.]+)([^\d.]+)/g)].reduce((total, [, number, name]) => total + Number(number) * (unit[name ?? ''] ?? 0), 0);
  return match?.[1] === '-' ? -sum : sum;
}

function checkDuration(flag: Flag, { report }: Check): void {
  if (flag.value === undefined || flag.value === '') return;
  const length = milliseconds(flag.value);
  if (length === undefined) {
    report(flag.valueSpan, `${shown(flag.value)} is no duration; write a number and its unit, such as \`30s\` or \`1m30s\`; variables are not expanded here.`);
  } else if (length < 1 && length !== 0) {
    report(flag.valueSpan, `${shown(flag.value)} is too short; the least is \`1ms\`, and \`0s\` stands for the default.`);
  }
}

function checkRetries(flag: Flag, { report }: Check): void {
  const value = flag.value ?? '';
  if (value === '' || (/^(?:\+?\d+|-0+)$/.test(value) && Number(value) < 2 ** 31)) return;
  report(flag.valueSpan, `${shown(value)} is no number of retries; write a whole number, such as \`3\`; variables are not expanded here.`);
}

const digestLength: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function checkDigest(value: string, flag: Flag, report: Check['report']): void {
  const [, algorithm = '', digits = ''] = /^([^:]*):?(.*)$/s.exec(value) ?? [];
  if (algorithm === 'blake3' || (digits.length === digestLength[algorithm] && /^[0-9a-f]+$/.test(digits))) return;
  report(flag.valueSpan, `${shown(value)} is no checksum of a download; write \`sha256:\` and the 64 hexadecimal digits in lower case.`);
}

/** `--checksum` takes a single source, and one that is fetched. */
function checkChecksum(flag: Flag, check: Check): void {
  const { instruction, escape, report } = check;
  if (flag.value === undefined || flag.value === '') return;
  const sources = instruction.words.slice(0, -1);
  const [source] = sources;
  if (source === undefined) return;
  if (sources.length > 1) {
    report(flag.span, '`--checksum` is for a single source; give each source an ADD of its own.');
    return;
  }
  const from = literal(source.text, escape);
  if (from === undefined) return;
  const isDownload = /^https?:\/\//.test(from);
  if (!isDownload && /^[\w./-]*$/.test(from) && !from.startsWith('github.com/')) {
    report(flag.span, `\`--checksum\` is for downloads, but ${shown(from)} is a file of the build context; take the flag away.`);
  }
  const value = literal(flag.value, escape);
  if (isDownload && !from.includes('.git') && value !== undefined) checkDigest(value, flag, report);
}

const valueChecks: Readonly<Record<string, (flag: Flag, check: Check) => void>> = {
  network: oneOf('default', 'none', 'host'),
  security: oneOf('sandbox', 'insecure'),
  mount: checkMount,
  device: checkDevice,
  chmod: checkMode,
  checksum: checkChecksum,
  interval: checkDuration,
  timeout: checkDuration,
  'start-period': checkDuration,
  'start-interval': checkDuration,
  retries: checkRetries,
};

const expanded = new Set(['platform', 'chown', 'chmod', 'checksum']);

/** Reports flags an instruction does not have, flags given twice, and values they may not have. */
export function checkFlags(check: Check): void {
  const { instruction, report } = check;
  if (careless.has(instruction.keyword)) return;
  const kinds = flagsOf[instruction.keyword] ?? {};
  const seen = new Set<string>();
  for (const flag of instruction.flags) {
    if (!isKnown(flag, kinds, check)) continue;
    const kind = kinds[flag.name] ?? 'text';
    if (seen.has(flag.name) && kind !== 'list') {
      report(flag.span, `\`--${flag.name}\` stands here a second time; keep one of the two.`);
    } else if (hasValue(flag, kind, check) && (!expanded.has(flag.name) || isExpandable(flag.value ?? '', flag.valueSpan, check))) {
      valueChecks[flag.name]?.(flag, check);
    }
    seen.add(flag.name);
  }
}
