import { shown } from './values.ts';

/** First and last port of a range; undefined where the text is none. */
function range(text: string): readonly [number, number] | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65_535 ? [first, last] : undefined;
}

/** IPv6 addresses pass unread. */
const isAddress = (text: string): boolean =>
  text.includes(':') || /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);

/**
 * What is wrong with a port of EXPOSE. BuildKit still takes `host:container` and `address:host:container`,
 * though it warns of them.
 */
export function portProblem(text: string): string | undefined {
  const parts = text.split(':');
  const [container = '', protocol = ''] = /^([^/]*)\/?(.*)$/s.exec(parts.at(-1) ?? '')?.slice(1) ?? [];
  const host = parts.at(-2) ?? '';
  const address = parts.slice(0, -2).join(':');
  if (!/^(?:tcp|udp|sctp)?$/i.test(protocol)) return `has the protocol ${shown(protocol)}; it must be tcp, udp or sctp`;
  const inside = range(container);
  if (inside === undefined) return 'is no port; write a number up to 65535, or a range such as `8000-8010`';
  if (address !== '' && !isAddress(address)) return `begins with ${shown(address)}, which is no IP address; write the port alone`;
  if (host === '') return undefined;
  const outside = range(host);
  if (outside === undefined) return `has ${shown(host)} in front of the port; write the port alone`;
  const [width, other] = [inside[1] - inside[0], outside[1] - outside[0]];
  return width !== other && width !== 0 ? 'has two ranges of different length; write the ports alone' : undefined;
}

const signals = new Set([
  'ABRT', 'ALRM', 'BUS', 'CHLD', 'CLD', 'CONT', 'FPE', 'HUP', 'ILL', 'INT', 'IO', 'IOT', 'KILL', 'PIPE', 'POLL', 'PROF', 'PWR', 'QUIT', 'SEGV',
  'STKFLT', 'STOP', 'SYS', 'TERM', 'TRAP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'USR1', 'USR2', 'VTALRM', 'WINCH', 'XCPU', 'XFSZ', 'RTMIN', 'RTMAX',
]);

/** Names of Linux, with or without SIG, `RTMIN+1` to `RTMAX-1`, or any number but 0. */
export function isSignal(text: string): boolean {
  if (/^[-+]?\d+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  return signals.has(name) || /^RTMIN\+(?:[1-9]|1[0-5])$/.test(name) || /^RTMAX-(?:[1-9]|1[0-4])$/.test(name);
}
