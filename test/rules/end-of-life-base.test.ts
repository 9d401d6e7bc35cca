import { describe, expect, it } from 'vitest';
import rule from '../../rules/reproducibility/end-of-life-base.ts';
import { findings } from './lint.ts';

describe('reproducibility/end-of-life-base', () => {
  it.each([
    'node:24', 'node:lts', 'node', 'node:current-alpine', 'python:3', 'python:3.13', 'python:3.1', 'debian:12', 'debian', 'debian:sid', 'ubuntu:24.04', 'alpine:3', 'alpine:edge', 'alpine:3.22',
    'golang:1', 'golang:1.2', 'php:8', 'ruby:3.4', 'mcr.microsoft.com/dotnet/aspnet:10.0', 'centos/python-38-centos7', 'quay.io/centos/centos:stream9', 'rockylinux:8', 'postgres:17',
    'registry.example.com/node:16', 'example/python:3.6', 'node:${VERSION}', 'redis:6', 'constructor:1',
  ])('is quiet about %s', (image) => {
    expect(findings(rule, `FROM ${image}\n`)).toEqual([]);
  });

  it.each([
    ['node:16.20.2-bullseye-slim', 'Node.js 16'], ['node:18-alpine3.20', 'Node.js 18'], ['docker.io/library/python:2.7', 'Python 2.7'], ['python:3.12-slim-buster', 'Debian buster'],
    ['debian:10.13-slim', 'Debian buster'], ['ubuntu:bionic', 'Ubuntu 18.04'], ['alpine:3.12.1', 'Alpine Linux 3.12'], ['golang:1.10.3', 'Go 1.10'], ['php:7-fpm', 'PHP 7'], ['php:7.4-apache', 'PHP 7.4'],
    ['ruby:2.7', 'Ruby 2.7'], ['mcr.microsoft.com/dotnet/core/sdk:3.1-alpine', '.NET 3.1'], ['centos:7.9.2009', 'CentOS 7'], ['centos:centos6', 'CentOS 6'], ['quay.io/centos/centos:stream8', 'CentOS stream8'],
    ['nvidia/cuda:11.0-base-ubuntu18.04', 'Ubuntu 18.04'], ['postgres:9.6-alpine', 'PostgreSQL 9.6'], ['postgres:11.5', 'PostgreSQL 11'], ['fedora:38', 'Fedora 38'], ['amazonlinux:1', 'Amazon Linux 1'],
    ['golang:1.22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'Go 1.22'],
  ])('finds %s', (image, what) => {
    const [found, ...more] = findings(rule, `FROM ${image} AS run\n`);
    expect(found).toMatchObject({ text: image, message: expect.stringContaining(`${what} has had no security fixes since `) });
    expect(more).toEqual([]);
  });

  it('looks at stages that a build needs, and once at each image', () => {
    expect(findings(rule, 'FROM node:16 AS old\nFROM node:16 AS base\nFROM base\n')).toHaveLength(1);
  });
});
