import type { Distribution } from './bases.ts';

/** Libraries whose package is of one name in Debian 11 to 13, by the package of their headers. */
const debian: Readonly<Record<string, readonly string[]>> = {
  'libpq-dev': ['libpq5'], 'default-libmysqlclient-dev': ['libmariadb3'], 'libmariadb-dev': ['libmariadb3'], 'libmariadb-dev-compat': ['libmariadb3'],
  'libffi-dev': [], 'libssl-dev': [], 'zlib1g-dev': [], 'libbz2-dev': [], 'liblzma-dev': [], 'libsqlite3-dev': [], 'libreadline-dev': [], 'libncurses-dev': [],
  'libncurses5-dev': [], 'libxml2-dev': ['libxml2'], 'libxslt1-dev': ['libxslt1.1'], 'libxslt-dev': ['libxslt1.1'], 'libjpeg62-turbo-dev': ['libjpeg62-turbo'],
  'libjpeg-dev': ['libjpeg62-turbo'], 'libfreetype6-dev': ['libfreetype6'], 'libfreetype-dev': ['libfreetype6'], 'liblcms2-dev': ['liblcms2-2'], 'libopenjp2-7-dev': ['libopenjp2-7'],
  'libgmp-dev': ['libgmp10'], 'libyaml-dev': ['libyaml-0-2'], 'libcairo2-dev': ['libcairo2'], 'libsasl2-dev': ['libsasl2-2'], 'libgeos-dev': ['libgeos-c1v5'],
  'portaudio19-dev': ['libportaudio2'], 'libsndfile1-dev': ['libsndfile1'], 'libgomp1-dev': ['libgomp1'], 'unixodbc-dev': ['unixodbc'], 'libopenblas-dev': ['libopenblas0'],
  'libatlas-base-dev': ['libatlas3-base'], 'liblapack-dev': ['liblapack3'], 'libxmlsec1-dev': ['libxmlsec1-openssl'], 'librdkafka-dev': ['librdkafka1'], 'libmagic-dev': ['libmagic1'],
  'libgl1-mesa-dev': ['libgl1'], 'libsm-dev': ['libsm6'], 'libxext-dev': ['libxext6'], 'libxrender-dev': ['libxrender1'], 'libzmq3-dev': ['libzmq5'], 'libsnappy-dev': ['libsnappy1v5'],
  'libleveldb-dev': ['libleveldb1d'], 'libkrb5-dev': ['libgssapi-krb5-2'],
};

/** Those of another name in Debian 13, where a library with 64-bit time got one. */
const renamed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  bullseye: { 'libldap2-dev': ['libldap-2.4-2'], 'libcurl4-openssl-dev': ['libcurl4'], 'libglib2.0-dev': ['libglib2.0-0'], 'libhdf5-dev': ['libhdf5-103-1'] },
  bookworm: { 'libldap2-dev': ['libldap-2.5-0'], 'libldap-dev': ['libldap-2.5-0'], 'libcurl4-openssl-dev': ['libcurl4'], 'libglib2.0-dev': ['libglib2.0-0'], 'libhdf5-dev': ['libhdf5-103-1'] },
  trixie: { 'libldap2-dev': ['libldap2'], 'libldap-dev': ['libldap2'], 'libcurl4-openssl-dev': ['libcurl4t64'], 'libglib2.0-dev': ['libglib2.0-0t64'] },
};

/** Of these another release has the library under another name; without a release nobody can tell. */
const changing = new Set(['libxmlsec1-dev', 'libxml2-dev', 'libmagic-dev', 'libatlas-base-dev', 'libgeos-dev', 'libleveldb-dev']);

const alpine: Readonly<Record<string, readonly string[]>> = {
  'libffi-dev': ['libffi'], 'openssl-dev': ['libssl3', 'libcrypto3'], 'postgresql-dev': ['libpq'], 'libpq-dev': ['libpq'], 'mariadb-dev': ['mariadb-connector-c'],
  'mariadb-connector-c-dev': ['mariadb-connector-c'], 'zlib-dev': ['zlib'], 'jpeg-dev': ['libjpeg-turbo'], 'libjpeg-turbo-dev': ['libjpeg-turbo'], 'libxml2-dev': ['libxml2'],
  'libxslt-dev': ['libxslt'], 'freetype-dev': ['freetype'], 'vips-dev': ['vips'], 'musl-dev': [], 'libc-dev': [],
};

/**
 * The packages a program needs that was compiled against the headers of a package.
 * @returns none where every slim image of Python has them; undefined where nobody can tell
 */
export function runtimeLibrary(headers: string, distribution: Distribution | undefined, release: string | undefined): readonly string[] | undefined {
  const find = (table: Readonly<Record<string, readonly string[]>> | undefined): readonly string[] | undefined =>
    table !== undefined && Object.hasOwn(table, headers) ? table[headers] : undefined;
  if (distribution === 'alpine') return find(alpine);
  if (distribution !== 'debian') return undefined;
  const own = release === undefined ? undefined : find(Object.hasOwn(renamed, release) ? renamed[release] : undefined);
  if (own !== undefined) return own;
  const isSettled = !changing.has(headers) || release === 'bookworm' || release === 'bullseye';
  return isSettled ? find(debian) : undefined;
}

/** Libraries that packages of PyPI load from the system when they run, whether compiled on the spot or not; in Debian. */
export const librariesOfPython: Readonly<Record<string, readonly string[]>> = {
  psycopg2: ['libpq5'], 'psycopg-c': ['libpq5'], mysqlclient: ['libmariadb3'], lightgbm: ['libgomp1'], 'llama-cpp-python': ['libgomp1'], implicit: ['libgomp1'],
  'pytorch-sparse': ['libgomp1'], pycairo: ['libcairo2'], xmlsec: ['libxmlsec1-openssl'], pyaudio: ['libportaudio2'], soundfile: [], 'pysqlcipher3': ['libsqlcipher0'],
};
