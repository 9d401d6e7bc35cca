import { describe, expect, it } from 'vitest';
import rule from '../../rules/security/sudo.ts';
import { findings } from './lint.ts';

describe('sudo', () => {
  it.each([
    ['safe', 'FROM debian:12\nRUN a && sudo \\\n  ldconfig\n', 'FROM debian:12\nRUN a && ldconfig\n'],
    ['safe', 'FROM debian:12\nUSER 0\nRUN x | sudo tee /y\n', 'FROM debian:12\nUSER 0\nRUN x | tee /y\n'],
    ['unsafe', 'FROM debian:12\nARG A=1\nRUN sudo ldconfig\n', 'FROM debian:12\nARG A=1\nRUN ldconfig\n'],
    ['unsafe', 'FROM debian:12\nRUN export A=1 && sudo ldconfig\n', 'FROM debian:12\nRUN export A=1 && ldconfig\n'],
    ['unsafe', 'FROM python:3.12\nRUN sudo ldconfig\n', 'FROM python:3.12\nRUN ldconfig\n'],
    ['unsafe', 'FROM debian:12\nRUN sudo sh -c "chown $USER /x"\n', 'FROM debian:12\nRUN sh -c "chown $USER /x"\n'],
    ['unsafe', 'FROM debian:12\nRUN sudo ./install.sh\n', 'FROM debian:12\nRUN ./install.sh\n'],
  ])('%s: %s', (safety, bad, fixed) => {
    expect(findings(rule, bad)).toMatchObject([{ text: 'sudo', fix: { safety }, fixed }]);
  });

  it.each([
    'FROM debian:12\nRUN sudo -E make\n',
    'FROM debian:12\nRUN sudo -u app make\n',
    'FROM debian:12\nRUN sudo A=1 make\n',
    'FROM debian:12\nRUN A=1 sudo make\n',
    'FROM debian:12\nRUN sudo echo a\n',
    'FROM debian:12\nRUN ["sudo", "make"]\n',
    'FROM debian:12\nRUN sudo \\\n  # why\n  make\n',
    'FROM debian:12\nRUN sudo\n',
    'FROM debian:12\nUSER app\nRUN sudo make\n',
    'FROM example.com/x\nRUN sudo make\n',
    'FROM debian:12\nRUN env A=1 /usr/bin/sudo make\n',
  ])('no fix: %s', (text) => {
    expect(findings(rule, text)).toMatchObject([{ fix: undefined }]);
  });

  it.each(['FROM debian:12\nRUN apt-get install -y sudo && echo "sudo x" && su - app\n', 'FROM debian:12\nRUN bash -c "sudo x"\n'])('quiet: %s', (text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
