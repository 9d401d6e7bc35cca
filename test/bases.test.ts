import { describe, expect, it } from 'vitest';
import { readImage } from '../src/dockerfile/image.ts';
import { defaultUserIsRoot, imageFacts, isCudaImage, packageManagerOf, slimOf, systemUsers, type ImageFacts } from '../src/model/bases.ts';

const factsOf = (text: string): ImageFacts | undefined => imageFacts(readImage(text));

describe('distribution, release, variant and shell', () => {
  it.each([
    ['python:3.12', 'debian', undefined, 'full', 'dash', true],
    ['python', 'debian', undefined, 'full', 'dash', true],
    ['docker.io/library/python:3.12-slim-bookworm', 'debian', 'bookworm', 'slim', 'dash', true],
    ['public.ecr.aws/docker/library/python:3.12-alpine3.20', 'alpine', '3.20', 'alpine', 'ash', false],
    ['m.daocloud.io/docker.io/library/python:3.12-slim', 'debian', undefined, 'slim', 'dash', true],
    ['arm64v8/node:22-bookworm-slim', 'debian', 'bookworm', 'slim', 'dash', true],
    ['python:3.12-windowsservercore-ltsc2022', 'windows', undefined, undefined, 'windows', false],
    ['golang:1.22', 'debian', undefined, 'full', 'dash', true],
    ['golang:1.22-alpine', 'alpine', undefined, 'alpine', 'ash', false],
    ['debian', 'debian', undefined, 'full', 'dash', true],
    ['debian:12.5', 'debian', 'bookworm', 'full', 'dash', true],
    ['debian:stable-slim', 'debian', undefined, 'slim', 'dash', true],
    ['debian:jessie-backports', 'debian', 'jessie', 'full', 'dash', true],
    ['ubuntu:jammy-20240111', 'ubuntu', '22.04', undefined, 'dash', true],
    ['ubuntu:14.04.5', 'ubuntu', '14.04', undefined, 'dash', true],
    ['ubuntu:latest', 'ubuntu', undefined, undefined, 'dash', true],
    ['alpine:3.20.3', 'alpine', '3.20', 'alpine', 'ash', false],
    ['alpine:edge', 'alpine', 'edge', 'alpine', 'ash', false],
    ['busybox:1.36', 'busybox', undefined, undefined, 'ash', false],
    ['centos:7.9.2009', 'rhel', '7', undefined, 'bash', true],
    ['centos:centos7', 'rhel', '7', undefined, 'bash', true],
    ['quay.io/centos/centos:stream9', 'rhel', '9', undefined, 'bash', true],
    ['rockylinux:9.3', 'rhel', '9', undefined, 'bash', true],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.4', 'rhel', '9', undefined, 'bash', true],
    ['redhat/ubi8', 'rhel', '8', undefined, 'bash', true],
    ['fedora:40', 'fedora', '40', undefined, 'bash', true],
    ['amazonlinux:2.0.20240131.0', 'amazon', '2', undefined, 'bash', true],
    ['amazonlinux:2018.03', 'amazon', '1', undefined, 'bash', true],
    ['opensuse/leap:15.6', 'suse', '15.6', undefined, 'bash', true],
    ['archlinux:base-devel', 'arch', undefined, undefined, 'bash', true],
    ['cgr.dev/chainguard/wolfi-base', 'wolfi', undefined, undefined, 'ash', false],
    ['gcr.io/distroless/static-debian12', 'distroless', 'bookworm', 'distroless', 'none', false],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', 'ubuntu', '22.04', 'distroless', 'none', false],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 'debian', undefined, undefined, 'dash', true],
    ['mcr.microsoft.com/dotnet/sdk:10.0', 'ubuntu', undefined, undefined, 'dash', true],
    ['mcr.microsoft.com/dotnet/sdk:9.0-azurelinux3.0', undefined, undefined, undefined, 'bash', true],
    ['openjdk:8-jdk', 'debian', undefined, 'full', 'dash', true],
    ['openjdk:17', 'rhel', undefined, 'full', 'bash', true],
    ['openjdk:17-slim', 'debian', undefined, 'slim', 'dash', true],
    ['eclipse-temurin:17-jre-focal', 'ubuntu', '20.04', undefined, 'dash', true],
    ['maven:3.9-eclipse-temurin-17', 'ubuntu', undefined, undefined, 'dash', true],
    ['maven:3.6-jdk-8', 'debian', undefined, undefined, 'dash', true],
    ['nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04', 'ubuntu', '22.04', 'devel', 'dash', true],
    ['nvidia/cuda:12.4.1-runtime-rockylinux8', 'rhel', '8', 'runtime', 'bash', true],
    ['nvcr.io/nvidia/cuda:13.0.0-base-amzn2023', 'amazon', '2023', undefined, 'bash', true],
    ['rocm/dev-ubuntu-22.04:6.3', 'ubuntu', '22.04', undefined, 'dash', true],
    ['gcr.io/oss-fuzz-base/base-builder-go:ubuntu-24-04', 'ubuntu', '24.04', undefined, 'dash', true],
    ['bitnami/redis:7.2-debian-12-r1', 'debian', 'bookworm', undefined, 'dash', true],
    ['ghcr.io/astral-sh/uv:0.5.1', undefined, undefined, undefined, 'none', false],
    ['ghcr.io/astral-sh/uv:python3.12-bookworm-slim', 'debian', 'bookworm', 'slim', 'dash', true],
    ['postgres:16-alpine', 'alpine', undefined, 'alpine', 'ash', true],
  ])('%s', (text, distribution, release, variant, shell, bash) => {
    expect(factsOf(text)).toMatchObject({ distribution, release, variant, shell, bash });
  });

  it.each(['acme/app', 'ghcr.io/acme/python:3.12', 'python-3', 'registry.corp/python'])('knows nothing of %s', (text) => {
    expect(factsOf(text)).toBeUndefined();
  });
});

describe('a tag with a variable, or a digest for a tag', () => {
  it.each([
    ['python:${V}', undefined, undefined, undefined],
    ['python:$V-slim', 'debian', 'slim', undefined],
    ['golang:${V}-alpine${ALPINE}', 'alpine', 'alpine', undefined],
    ['golang:1.22-alpine3.$MINOR', 'alpine', 'alpine', undefined],
    ['openjdk:17-${SUITE}', undefined, undefined, undefined],
    ['node:${V}-bookworm', 'debian', undefined, 'bookworm'],
    ['ubuntu:${V:-${W}}', 'ubuntu', undefined, undefined],
    ['ubuntu:$V.04', 'ubuntu', undefined, undefined],
    ['nvidia/cuda:$V-devel-ubuntu22.04', 'ubuntu', 'devel', '22.04'],
    ['nvidia/cuda:$V-base-$LINUX', undefined, undefined, undefined],
    ['pytorch/pytorch:$V-devel', 'ubuntu', 'devel', undefined],
    ['python@sha256:abc', undefined, undefined, undefined],
    ['debian@sha256:abc', 'debian', undefined, undefined],
    // An argument without a value, or with one that only holds its place.
    ['python:', undefined, undefined, undefined],
    ['python:-slim', 'debian', 'slim', undefined],
    ['nvidia/cuda:notset-base-notset', undefined, undefined, undefined],
  ])('%s', (text, distribution, variant, release) => {
    expect(factsOf(text)).toMatchObject({ distribution, variant, release, slim: undefined });
    expect(factsOf(text)?.usersAreWhole).toBeUndefined();
  });

  it('keeps what holds for all tags', () => {
    expect(factsOf('golang:$V')).toMatchObject({ user: 'root', workdir: '/go', programs: ['go'] });
    expect(factsOf('python:$V')?.environment).toContain('PYTHON_VERSION');
    expect(factsOf('php:$V')?.workdir).toBeUndefined();
  });
});

describe('user and working directory', () => {
  it.each([
    ['python:3.12', 'root', [], '/'],
    ['node:22', 'root', ['node'], '/'],
    ['node:0.12', 'root', [], '/'],
    ['golang:1.22', 'root', [], '/go'],
    ['php:8.3-cli', 'root', [], '/'],
    ['php:8.3-apache', 'root', [], '/var/www/html'],
    ['php:8.3-fpm-alpine', 'root', ['www-data'], '/var/www/html'],
    ['ubuntu:22.04', 'root', [], '/'],
    ['ubuntu:24.04', 'root', ['ubuntu'], '/'],
    ['nvidia/cuda:12.6.0-base-ubuntu24.04', 'root', ['ubuntu'], '/'],
    ['nginx:1.27', 'root', ['nginx'], '/'],
    ['nginxinc/nginx-unprivileged:1.27', 'nginx', ['nginx'], '/'],
    ['haproxy:2.8', 'haproxy', ['haproxy'], '/var/lib/haproxy'],
    ['haproxy:2.0', 'root', ['haproxy'], '/'],
    ['quay.io/jupyter/scipy-notebook:latest', 'jovyan', ['jovyan'], '/home/jovyan'],
    ['bitnami/postgresql:16', '1001', [], undefined],
    ['bitnami/node:20', undefined, [], undefined],
    ['gcr.io/distroless/base-debian12', 'root', ['nonroot'], '/'],
    ['gcr.io/distroless/base-debian12:debug-nonroot', 'nonroot', ['nonroot'], '/home/nonroot'],
    ['cgr.dev/chainguard/python:latest-dev', 'nonroot', ['nonroot'], undefined],
    ['mcr.microsoft.com/dotnet/aspnet:7.0', 'root', [], '/'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 'root', ['app'], '/'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled', 'app', ['app'], '/'],
    ['mcr.microsoft.com/devcontainers/python:3.12', 'root', ['vscode'], undefined],
    ['mcr.microsoft.com/playwright/python:v1.48.0-jammy', 'root', ['pwuser'], '/'],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', 'root', [], '/app'],
    ['pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime', 'root', [], '/workspace'],
    ['apache/airflow:2.9.0', 'airflow', ['airflow'], '/opt/airflow'],
    ['gradle:8.5-jdk17', 'root', ['gradle'], '/home/gradle'],
    ['mambaorg/micromamba:1.5', 'mambauser', ['mambauser'], '/tmp'],
    ['registry.access.redhat.com/ubi9/python-312', '1001', [], '/opt/app-root/src'],
    ['python:3.12-windowsservercore', undefined, [], undefined],
  ])('%s', (text, user, users, workdir) => {
    expect(factsOf(text)).toMatchObject({ user, users, workdir });
  });

  it.each([
    ['python:3.12-slim', true], ['node:22', true], ['ubuntu:22.04', true], ['nginx:1.27', true],
    // The user `ubuntu` may be there or not.
    ['eclipse-temurin:21', undefined], ['nvcr.io/nvidia/pytorch:24.07-py3', undefined],
  ])('all users of %s are known: %s', (text, whole) => {
    expect(factsOf(text)?.usersAreWhole).toBe(whole);
  });

  it('tells root from others', () => {
    expect(defaultUserIsRoot(factsOf('python:3.12'))).toBe(true);
    expect(defaultUserIsRoot(factsOf('moby/buildkit:rootless'))).toBe(false);
    expect(defaultUserIsRoot(factsOf('bitnami/node:20'))).toBeUndefined();
    expect(defaultUserIsRoot(undefined)).toBeUndefined();
  });

  it('knows servers whose entrypoint leaves root, and images with a SHELL', () => {
    expect(factsOf('redis:7')?.stepsDown).toBe(true);
    expect(factsOf('nginx:1.27')?.stepsDown).toBeUndefined();
    expect(factsOf('quay.io/jupyter/base-notebook')?.shellCommand).toEqual(['/bin/bash', '-o', 'pipefail', '-c']);
  });
});

describe('programs and environment', () => {
  it.each([
    ['python:3.12', ['pip', 'gcc', 'git', 'curl', 'apt-get'], ['apk']],
    ['python:3.12-slim', ['pip', 'apt-get'], ['gcc', 'git', 'curl']],
    ['node:22-alpine', ['node', 'npm', 'yarn', 'apk'], ['git', 'gcc']],
    ['node:26', ['npm'], ['yarn']],
    ['rust:1.80-slim', ['cargo', 'gcc'], ['git']],
    ['openjdk:8-jre', ['java'], ['javac']],
    ['eclipse-temurin:21', ['java', 'javac'], []],
    ['nvidia/cuda:12.4.1-base-ubuntu22.04', ['cuda'], ['nvcc', 'gcc']],
    ['nvidia/cuda:12.4.1-devel-ubuntu22.04', ['cuda', 'nvcc', 'gcc'], []],
    ['tensorflow/tensorflow:2.16.1-gpu', ['cuda', 'python3'], []],
    ['tensorflow/tensorflow:2.16.1', ['pip'], ['cuda']],
    ['buildpack-deps:bookworm-scm', ['git'], ['gcc']],
    ['gcr.io/distroless/static:debug', ['busybox'], ['apt-get']],
  ])('%s has %j, not %j', (text, has, lacks) => {
    const programs = factsOf(text)?.programs ?? [];
    expect(programs).toEqual(expect.arrayContaining(has));
    expect(programs.filter((name) => lacks.includes(name))).toEqual([]);
  });

  it.each([
    ['debian:12', 'apt-get'], ['alpine:3.20', 'apk'], ['centos:7', 'yum'], ['rockylinux:9', 'dnf'], ['rockylinux:9-minimal', 'microdnf'],
    ['registry.access.redhat.com/ubi9-minimal', 'microdnf'], ['redhat/ubi9-micro', undefined], ['fedora:40', 'dnf'], ['amazonlinux:2', 'yum'],
    ['amazonlinux:2023', 'dnf'], ['opensuse/leap:15.6', 'zypper'], ['archlinux', 'pacman'], ['photon:5.0', 'tdnf'],
    ['cgr.dev/chainguard/python:latest', undefined], ['cgr.dev/chainguard/python:latest-dev', 'apk'], ['gcr.io/distroless/cc', undefined],
    ['mcr.microsoft.com/dotnet/runtime:9.0-azurelinux3.0', 'tdnf'], ['mcr.microsoft.com/dotnet/runtime:9.0-azurelinux3.0-distroless', undefined],
    ['python:$V', undefined], ['busybox', undefined], ['nobody/knows', undefined],
  ])('installs packages in %s by %s', (text, manager) => {
    expect(packageManagerOf(factsOf(text))).toBe(manager);
  });

  it('lists ENV names only where it knows them all', () => {
    expect(factsOf('debian:12')?.environment).toEqual([]);
    expect(factsOf('node:22')?.environment).toEqual(expect.arrayContaining(['NODE_VERSION', 'YARN_VERSION']));
    expect(factsOf('golang:1.22')?.environment).toEqual(expect.arrayContaining(['GOLANG_VERSION', 'GOPATH', 'GOTOOLCHAIN']));
    expect(factsOf('ghcr.io/astral-sh/uv:python3.12-bookworm')?.environment).toEqual(expect.arrayContaining(['UV_TOOL_BIN_DIR', 'PYTHON_VERSION']));
    expect(factsOf('nvidia/cuda:12.4.1-base-ubuntu22.04')?.environment).toBeUndefined();
  });

  it('tells CUDA images', () => {
    expect(['nvidia/cuda:12.4.1-base-ubuntu22.04', 'pytorch/pytorch', 'vllm/vllm-openai:v0.6.0'].map((text) => isCudaImage(factsOf(text)))).toEqual([true, true, true]);
    expect(['python:3.12', 'rocm/pytorch', 'nobody/knows'].map((text) => isCudaImage(factsOf(text)))).toEqual([false, false, false]);
  });

  it('lists the users of a distribution', () => {
    expect(systemUsers('debian')).toEqual(expect.arrayContaining(['root', 'www-data', 'nobody', '_apt']));
    expect(systemUsers('alpine')).not.toContain('www-data');
    expect(systemUsers('distroless')).toContain('nonroot');
    expect(systemUsers(undefined)).toEqual([]);
  });
});

describe('slimOf', () => {
  it.each([
    ['python', 'python:slim'],
    ['python:latest', 'python:slim'],
    ['python:3.12', 'python:3.12-slim'],
    ['python:3.12-bookworm', 'python:3.12-slim-bookworm'],
    ['python:bookworm', 'python:slim-bookworm'],
    ['python:3.13.0rc2', 'python:3.13.0rc2-slim'],
    ['python:3.14-rc', 'python:3.14-rc-slim'],
    ['docker.io/library/python:3.12', 'docker.io/library/python:3.12-slim'],
    ['public.ecr.aws/docker/library/python:3.12', 'public.ecr.aws/docker/library/python:3.12-slim'],
    ['node:22', 'node:22-slim'],
    ['node:lts', 'node:lts-slim'],
    ['node:iron-bookworm', 'node:iron-bookworm-slim'],
    ['node:22-bookworm', 'node:22-bookworm-slim'],
    ['node:bookworm', 'node:bookworm-slim'],
    ['ruby:3.3', 'ruby:3.3-slim'],
    ['rust:1.80-bookworm', 'rust:1.80-slim-bookworm'],
    ['rust', 'rust:slim'],
    ['debian', 'debian:stable-slim'],
    ['debian:12', 'debian:12-slim'],
    ['debian:12.5', 'debian:12.5-slim'],
    ['debian:bookworm', 'debian:bookworm-slim'],
    ['debian:bookworm-20240211', 'debian:bookworm-20240211-slim'],
    ['openjdk:17', 'openjdk:17-slim'],
    ['openjdk:17-jdk', 'openjdk:17-jdk-slim'],
    ['openjdk:11-jre-bullseye', 'openjdk:11-jre-slim-bullseye'],
    ['perl:5.40-bookworm', 'perl:5.40-slim-bookworm'],
    ['elixir:1.17-otp-27', 'elixir:1.17-otp-27-slim'],
    ['haskell:9.8-bullseye', 'haskell:9.8-slim-bullseye'],
    ['ghcr.io/astral-sh/uv:python3.12-bookworm', 'ghcr.io/astral-sh/uv:python3.12-bookworm-slim'],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', 'tiangolo/uvicorn-gunicorn-fastapi:python3.11-slim'],
  ])('%s has %s', (text, slim) => {
    expect(slimOf(text)).toBe(slim);
    expect(factsOf(text)?.slim?.text).toBe(slim);
    expect(factsOf(text)?.slim?.saves).toBeGreaterThan(0);
    expect(factsOf(slim)?.variant).toBe('slim');
    expect(slimOf(slim)).toBeUndefined();
  });

  it.each([
    'python:3.12-slim', 'python:3.12-alpine', 'python:3.12-windowsservercore', 'python:3.12@sha256:abc', 'python@sha256:abc', 'python:notset',
    'golang:1.22', 'swift:5.10', 'gcc:13', 'ubuntu:22.04', 'alpine:3.20', 'node:22-alpine3.20', 'node:8-onbuild', 'debian:wheezy', 'debian:8.2',
    'debian:bookworm-backports', 'debian:experimental', 'rust:1.20', 'perl:5.20', 'perl:5.40-threaded', 'haskell:8.10', 'openjdk:17-oracle',
    'bitnami/minideb:bookworm', 'ghcr.io/astral-sh/uv:0.5.1', 'acme/python:3.12', '', ':', '"python:3.12"',
  ])('%s has none', (text) => {
    expect(slimOf(text)).toBeUndefined();
  });

  it.each([
    ['python:${VERSION}', 'python:3.12', 'python:${VERSION}-slim'],
    ['python:$VERSION', 'python:3.12', 'python:$VERSION-slim'],
    ['python:${VERSION:-3.12}', 'python:3.12', 'python:${VERSION:-3.12}-slim'],
    ['python:${MAJOR}.${MINOR}', 'python:3.12', 'python:${MAJOR}.${MINOR}-slim'],
    ['python:3.${MINOR}', 'python:3.12', 'python:3.${MINOR}-slim'],
    ['python:${VERSION}-bookworm', 'python:3.12-bookworm', 'python:${VERSION}-slim-bookworm'],
    ['node:${VERSION}-bookworm', 'node:22-bookworm', 'node:${VERSION}-bookworm-slim'],
    ['${REGISTRY}/library/python:${VERSION}', 'docker.io/library/python:3.12', '${REGISTRY}/library/python:${VERSION}-slim'],
    ['${REGISTRY}python', 'docker.io/python', '${REGISTRY}python:slim'],
    ['openjdk:${VERSION}-jdk', 'openjdk:17-jdk', 'openjdk:${VERSION}-jdk-slim'],
    // The variable holds more than a version, or nobody knows what.
    ['python:${VERSION}', 'python:3.12-bookworm', undefined],
    ['python:3.12-${SUITE}', 'python:3.12-bookworm', undefined],
    ['python:${VERSION}', 'python:latest', undefined],
    ['python:${VERSION}', 'python:3.12-slim', undefined],
    ['python:${VERSION}', 'python:', undefined],
    ['python:${VERSION}', 'python:${VERSION}', undefined],
    ['${IMAGE}', 'python:3.12', undefined],
    ['${IMAGE}', 'python', undefined],
    ['${IMAGE}:3.12', 'python:3.12', '${IMAGE}:3.12-slim'],
  ])('writes %s, which is %s, as %s', (raw, expanded, slim) => {
    expect(slimOf(raw, expanded)).toBe(slim);
  });
});

describe('hostile references', () => {
  it.each(['python:' + '-'.repeat(50_000), 'python:' + '${'.repeat(20_000), 'nvidia/cuda:' + 'ubuntu-'.repeat(20_000), 'php:' + 'a'.repeat(100_000)])('reads a long one at once', (text) => {
    const start = performance.now();
    expect(factsOf(text)?.user).toBe('root');
    slimOf(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
