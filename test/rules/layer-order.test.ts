import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/layer-order.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import { Chances } from '../../src/optimize/order/chances.ts';
import { memoryContext } from '../../src/context/memory.ts';
import { findings, fixedText, type Circumstances } from './lint.ts';

const builder = 'FROM node:22 AS builder\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\n';
const apt = 'RUN apt-get update && apt-get install -y ffmpeg\n';
const dist = 'COPY --from=builder /app/dist ./dist\n';
const all: Circumstances = { options: { gain: 0, often: 0 } };
/** What seldom changes is left where it is. */
const onlyOften: Circumstances = { options: { gain: 25, often: 50 } };

const final = (text: string, base = 'debian:12'): string => `${builder}FROM ${base}\nWORKDIR /app\n${text}`;

describe('moves of layer-order', () => {
  it('names the step, what it stands above, what changes it, and where it can go', () => {
    const [found, ...more] = findings(rule, final(`${dist}${apt}CMD ["x"]\n`));
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      text: dist.trim(),
      message: '`COPY --from=builder /app/dist ./dist` stands above `RUN apt-get update && apt-get install -y ffmpeg`, which uses nothing of it, so every change of what `builder` makes runs it again; it can stand below line 9.',
      fix: { safety: 'safe', title: 'Move `COPY --from=builder /app/dist ./dist` below `RUN apt-get update && apt-get install -y ffmpeg`' },
    });
  });

  it.each<[name: string, text: string, expected: string]>([
    ['several go together, in their order', `${dist}COPY --from=builder /app/public ./public\nRUN mkdir /app/uploads\n${apt.replace('&& apt', '\\\n  && \\\n  apt')}`,
      `${apt.replace('&& apt', '\\\n  && \\\n  apt')}${dist}COPY --from=builder /app/public ./public\nRUN mkdir /app/uploads\n`],
    ['a step and those that need it', `${dist}RUN chmod -R a+r ./dist\n\n${apt}`, `${apt}${dist}RUN chmod -R a+r ./dist\n`],
    ['what is in the way of none stays', `${dist}RUN useradd --system svc\n${apt}`, `RUN useradd --system svc\n${apt}${dist}`],
    ['no lower than the next step that needs it', `${dist}${apt}RUN ls ./dist\n`, `${apt}${dist}RUN ls ./dist\n`],
    ['past what only changes settings', `${dist}EXPOSE 3000\nLABEL a=b\n${apt}`, `EXPOSE 3000\nLABEL a=b\n${apt}${dist}`],
    ['a comment goes with its step', `# The dist folder\n${dist}\n# Tools\n${apt}`, `\n# Tools\n${apt}\n# The dist folder\n${dist}`],
    ['a comment of several COPYs stays', `# What was built\n${dist}COPY LICENSE /LICENSE\n${apt}`, `# What was built\nCOPY LICENSE /LICENSE\n${apt}${dist}`],
    ['a comment about the install stays', `# Tools for video\n${dist}${apt}`, `# Tools for video\n${apt}${dist}`],
    ['a comment for linters goes along', `# hadolint ignore=DL3000\n${dist}${apt}`, `${apt}# hadolint ignore=DL3000\n${dist}`],
    ['an install goes up where that is less', 'COPY --from=builder /app/tool /opt/\nWORKDIR /opt\nRUN apt-get install -y ffmpeg\n', 'RUN apt-get install -y ffmpeg\nCOPY --from=builder /app/tool /opt/\nWORKDIR /opt\n'],
  ])('%s', (_name, text, expected) => {
    expect(fixedText(rule, final(text), 'safe', onlyOften).slice(builder.length)).toBe(final(expected).slice(builder.length));
  });

  it('keeps CRLF, and a file without a last line break', () => {
    expect(fixedText(rule, final(`${dist}${apt}`).replaceAll('\n', '\r\n'), 'safe')).toContain(`${apt}${dist}`.replaceAll('\n', '\r\n').trimEnd());
    expect(fixedText(rule, final(`${dist}${apt.trimEnd()}`), 'safe')).toBe(final(`${apt}${dist}`).trimEnd());
  });

  it.each<[name: string, text: string]>([
    ['the stage is built anew anyway', `${builder}FROM builder\n${dist.replace('./dist', '/srv/dist')}${apt}`],
    ['what is copied seldom changes', final(`COPY --from=builder /app/node_modules ./node_modules\n${apt}`)],
    ['what is copied comes from elsewhere', final(`COPY --from=caddy:2 /usr/share/caddy ./caddy\n${apt}`)],
    ['copy-before-install speaks of it', `FROM python:3.12\nWORKDIR /app\nCOPY . .\n${apt}`],
    ['nothing expensive stands below', final(`${dist}RUN mkdir -p /app/data\n`)],
    ['the stage holds what a here-document brings', final('COPY --from=builder /app/dist <<EOF ./dist\nx\nEOF\n')],
    ['an install needs it', final('COPY --from=builder /app/package.json ./\nCOPY --from=builder /app/dist ./dist\nRUN npm ci\n', 'node:22')],
  ])('is quiet where %s', (_name, text) => {
    expect(findings(rule, text, onlyOften)).toEqual([]);
  });

  it('carries no instruction that holds comments', () => {
    const commented = 'COPY --from=builder \\\n# Why\n  /app/dist ./dist\n';
    expect(fixedText(rule, final(`${commented}${apt}`), 'safe')).toBe(final(`${apt}${commented}`));
    expect(findings(rule, final(`${commented}RUN apt-get install -y \\\n# For video\n  ffmpeg\n`))).toEqual([]);
  });

  it('leaves small gains to the optimizer, which weighs them', () => {
    const text = 'FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --upgrade pip\nRUN pip install -r requirements.txt\n';
    expect(findings(rule, text)).toEqual([]);
    expect(rule.weighed).toEqual(all.options);
    expect(fixedText(rule, text, 'safe', all)).toBe('FROM python:3.12\nWORKDIR /app\nRUN pip install --upgrade pip\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n');
  });

  it('comes to rest after one move', () => {
    const once = fixedText(rule, final(`${dist}${apt}`), 'safe', all);
    expect(findings(rule, once, all)).toEqual([]);
  });
});

describe('how often a step changes', () => {
  const chance = (line: string, files?: Readonly<Record<string, string>>): number => {
    const file = readDockerfile(`${builder}FROM debian:12\n${line}\n`);
    const instruction = file.stages[1]?.instructions[0];
    return instruction === undefined ? Number.NaN : new Chances(file, files && memoryContext(files)).of(instruction);
  };

  it.each([
    ['COPY . .', 0.9], ['COPY src ./src', 0.9], ['COPY locales ./locales', 0.3], ['COPY package.json ./', 0.08], ['COPY main.py ./', 0.1], ['RUN true', 0],
    ['COPY --from=builder /app/dist .', 0.9], ['COPY --from=builder /app/node_modules .', 0.1], ['COPY --from=debian:12 /etc/x .', 0],
    ['RUN --mount=type=bind,source=.,target=/x true', 0.9], ['RUN --mount=type=bind,from=builder,target=/x true', 0.9],
  ])('%s: %d', (line, expected) => {
    expect(chance(line)).toBeCloseTo(expected);
  });

  it('goes by the files of the context where there is one', () => {
    const files = { 'src/a.js': '', 'src/b.js': '', 'src/c.js': '', 'tools/d.js': '', 'package.json': '' };
    expect(chance('COPY src src', files)).toBeCloseTo(0.675);
    expect(chance('COPY tools tools', files)).toBeCloseTo(0.225);
    expect(chance('COPY *.json ./', files)).toBeCloseTo(0.08);
  });
});
