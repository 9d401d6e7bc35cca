import { describe, expect, it } from 'vitest';
import latest from '../../rules/reproducibility/latest-tag.ts';
import untagged from '../../rules/reproducibility/untagged-image.ts';
import unpinned from '../../rules/reproducibility/unpinned-package.ts';
import { findings } from './lint.ts';

describe('untagged-image', () => {
  it.each(['alpine', 'docker.io/fedora', 'library/kong', 'acme/base', 'ghcr.io/acme/base'])('speaks of %s', (image) => {
    expect(findings(untagged, `FROM ${image}\nRUN true\n`)).toMatchObject([{ text: image }]);
  });

  it.each(['deps', 'php-base', 'scratch', '$BASE', 'debian:12'])('is quiet about %s, a context of that name or a version', (image) => {
    expect(findings(untagged, `ARG BASE=debian\nFROM ${image}\nRUN true\n`)).toEqual([]);
  });
});

describe('latest-tag', () => {
  it.each(['node:latest', 'pytorch/torchserve:latest-gpu', 'golang:alpine', 'rust:slim-bookworm', 'php:fpm-alpine', 'docker.io/nginx:alpine'])('speaks of %s', (image) => {
    expect(findings(latest, `FROM ${image}\nRUN true\n`)).toMatchObject([{ text: image }]);
  });

  it.each([
    'debian:bookworm', 'debian:bookworm-slim', 'ubuntu:jammy', 'buildpack-deps:bookworm', 'golang:1.24-alpine', 'node:lts-alpine', 'acme/tool:alpine',
    'lukemathwalker/cargo-chef:latest-rust-1.85.1', `node:latest@sha256:${'0'.repeat(64)}`,
  ])('is quiet about %s', (image) => {
    expect(findings(latest, `FROM ${image}\nRUN true\n`)).toEqual([]);
  });
});

describe('unpinned-package', () => {
  it.each([
    ['go install example.com/tool@latest', 'example.com/tool@latest'],
    ['npm install -g pm2@latest', 'pm2@latest'],
    ['npm install -g @scope/tool', '@scope/tool'],
  ])('speaks of %s', (command, at) => {
    expect(findings(unpinned, `FROM debian:12\nRUN ${command}\n`)).toMatchObject([{ text: at, message: expect.stringContaining('not pinned') }]);
  });

  it.each(['npm install -g npm@latest corepack', 'npm install -g @scope/tool@2.1.0', 'go install example.com/tool@v1.2.3'])('is quiet about %s', (command) => {
    expect(findings(unpinned, `FROM debian:12\nRUN ${command}\n`)).toEqual([]);
  });
});
