import { describe, expect, it } from 'vitest';
import rule from '../../rules/security/user-not-created.ts';
import userSwitching from '../../rules/cache/user-switching.ts';
import { findings } from './lint.ts';

describe('security/user-not-created', () => {
  it.each([
    ['an unknown base', 'FROM registry.example.com/base\nUSER app\n'],
    ['a number', 'FROM debian:12\nUSER 1000:app\n'],
    ['root', 'FROM scratch\nUSER root\n'],
    ['a system user', 'FROM debian:12\nUSER www-data\n'],
    ['a user of the image', 'FROM node:22\nUSER node\n'],
    ['an argument that names the user', 'FROM debian:12\nARG NAME=app\nRUN useradd -m "${NAME}"\nUSER $NAME\n'],
    ['an unknown argument', 'FROM debian:12\nARG NAME\nRUN useradd $NAME\nUSER app\n'],
    ['flags with values', 'FROM debian:12\nRUN useradd -rm -d /home/app -s /bin/bash -g root -G sudo -u 1001 app\nUSER app\n'],
    ['the name first', 'FROM debian:12\nRUN useradd app -m --shell /bin/sh\nUSER app\n'],
    ['the JSON form', 'FROM debian:12\nRUN ["useradd", "-ms", "/bin/bash", "app"]\nUSER app\n'],
    ['adduser of Debian', 'FROM debian:12\nRUN adduser --disabled-password --gecos "" --ingroup users app\nUSER app\n'],
    ['adduser of BusyBox', 'FROM alpine:3.20\nRUN adduser -D -S -h /srv -s /sbin/nologin -G users app\nUSER app\n'],
    ['adduser of Red Hat', 'FROM rockylinux:9\nRUN adduser -d /srv -s /sbin/nologin app\nUSER app\n'],
    ['a user in a branch', 'FROM debian:12\nRUN id app || useradd app\nUSER app\n'],
    ['a renamed user', 'FROM ubuntu:24.04\nRUN usermod -l app -d /home/app -m ubuntu\nUSER app\n'],
    ['a stage below', 'FROM debian:12 AS base\nRUN useradd app\nFROM base\nUSER app\n'],
    ['a script', 'FROM debian:12\nCOPY setup.sh /\nRUN /setup.sh\nUSER app\n'],
    ['a piped script', 'FROM debian:12\nRUN curl -fsSL https://example.com/x | sh\nUSER app\n'],
    ['a package of the name', 'FROM debian:12\nRUN apt-get update && apt-get install -y postgresql-16\nUSER postgres\n'],
    ['a package that is known for it', 'FROM rockylinux:9\nRUN dnf install -y httpd\nUSER apache\n'],
    ['a copied passwd', 'FROM scratch\nCOPY --from=build /etc/passwd /etc/\nUSER app\n'],
    ['a written passwd', 'FROM busybox\nRUN echo "app:x:1:1::/:" >> /etc/passwd\nUSER app\n'],
    ['an unpacked system', 'FROM scratch\nADD rootfs.tar /\nUSER app\n'],
    ['a stage no build needs', 'FROM debian:12 AS old\nUSER app\nFROM debian:12\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it.each([
    ['a group alone', 'FROM alpine:3.20\nRUN addgroup -S app\nUSER app\n'],
    ['another user', 'FROM debian:12\nRUN useradd web\nUSER app\n'],
    ['a user of another image', 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc && pip install flask\nUSER node\n'],
    ['a user created too late', 'FROM debian:12\nUSER app\nRUN useradd app\n'],
    ['a user added to a group', 'FROM debian:12\nRUN adduser app staff\nUSER app\n'],
    ['scratch', 'FROM scratch\nCOPY server /server\nUSER app\n'],
  ])('finds %s', (_name, text) => {
    expect(findings(rule, text).map((each) => each.text)).toEqual([/USER (\w+)/.exec(text)?.[1]]);
  });
});

describe('cache/user-switching', () => {
  it.each([
    ['to root and back once', 'FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update\nUSER jenkins\n'],
    ['a lone way back', 'FROM debian:12\nUSER app\nRUN true\nUSER root\nCMD ["x"]\n'],
    ['other users', 'FROM debian:12\nUSER a\nUSER b\nUSER a\n'],
    ['unknown users', 'FROM debian:12\nUSER app\nARG NAME\nUSER $NAME\nUSER app\n'],
    ['two stages', 'FROM debian:12 AS a\nUSER app\nFROM a\nUSER root\nRUN true\nUSER app\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(userSwitching, text)).toEqual([]);
  });

  it('finds each way back to root', () => {
    const text = 'FROM debian:12\nUSER app\nRUN a\nUSER root\nRUN b\nUSER 0\nUSER app\nRUN c\nUSER root:root\nUSER app\n';
    expect(findings(userSwitching, text).map((each) => each.text)).toEqual(['root', 'root:root']);
  });
});
