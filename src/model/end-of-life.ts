import type { ImageReference } from '../dockerfile/image.ts';
import { nameOf } from './bases/name.ts';
import type { ImageFacts } from './bases.ts';

/** The month up to which the dates below were looked at. What ends later is not over yet: rules have no clock. */
export const asOf = '2026-11';

/** A product's releases with the month in which the last security fixes for each ended, as its makers announced it. */
interface Product {
  readonly name: string;
  /** `release month`, parted by blanks. */
  readonly ends: string;
}

/** Long-term support that costs nothing counts for Debian; paid support (Ubuntu Pro, RHEL ELS) does not. */
const distributions: Readonly<Record<string, Product>> = {
  debian: { name: 'Debian', ends: 'wheezy 2018-05 jessie 2020-06 stretch 2022-06 buster 2024-06 bullseye 2026-08' },
  ubuntu: {
    name: 'Ubuntu',
    ends: '12.04 2017-04 14.04 2019-04 16.04 2021-04 17.10 2018-07 18.04 2023-05 18.10 2019-07 19.04 2020-01 19.10 2020-07 20.04 2025-05 ' +
      '20.10 2021-07 21.04 2022-01 21.10 2022-07 22.10 2023-07 23.04 2024-01 23.10 2024-07 24.10 2025-07 25.04 2026-01 25.10 2026-07',
  },
  alpine: {
    name: 'Alpine Linux',
    ends: '3.1 2016-11 3.2 2017-05 3.3 2017-11 3.4 2018-05 3.5 2018-11 3.6 2019-05 3.7 2019-11 3.8 2020-05 3.9 2020-11 3.10 2021-05 3.11 2021-11 ' +
      '3.12 2022-05 3.13 2022-11 3.14 2023-05 3.15 2023-11 3.16 2024-05 3.17 2024-11 3.18 2025-05 3.19 2025-11 3.20 2026-04',
  },
  fedora: {
    name: 'Fedora',
    ends: '28 2019-05 29 2019-11 30 2020-05 31 2020-11 32 2021-05 33 2021-11 34 2022-06 35 2022-12 36 2023-05 37 2023-12 38 2024-05 39 2024-11 40 2025-05 ' +
      '41 2025-12 42 2026-05',
  },
  amazon: { name: 'Amazon Linux', ends: '1 2023-12 2 2026-06' },
  centos: { name: 'CentOS', ends: '5 2017-03 6 2020-11 7 2024-06 8 2021-12 stream8 2024-05' },
};

/** Runtimes and servers by the image's name; the tag begins with the release. */
const images: Readonly<Record<string, Product>> = {
  node: {
    name: 'Node.js',
    ends: '4 2018-04 5 2016-06 6 2019-04 7 2017-06 8 2019-12 9 2018-06 10 2021-04 11 2019-06 12 2022-04 13 2020-06 14 2023-04 15 2021-06 16 2023-09 17 2022-06 ' +
      '18 2025-04 19 2023-06 20 2026-04 21 2024-06 23 2025-06 25 2026-06',
  },
  python: {
    name: 'Python',
    ends: '2 2020-01 2.7 2020-01 3.3 2017-09 3.4 2019-03 3.5 2020-09 3.6 2021-12 3.7 2023-06 3.8 2024-10 3.9 2025-10 3.10 2026-10',
  },
  golang: {
    name: 'Go',
    ends: '1.6 2017-02 1.7 2017-08 1.8 2018-02 1.9 2018-08 1.10 2019-02 1.11 2019-09 1.12 2020-02 1.13 2020-08 1.14 2021-02 1.15 2021-08 1.16 2022-03 ' +
      '1.17 2022-08 1.18 2023-02 1.19 2023-08 1.20 2024-02 1.21 2024-08 1.22 2025-02 1.23 2025-08 1.24 2026-02',
  },
  php: {
    name: 'PHP',
    ends: '5 2018-12 5.3 2014-08 5.4 2015-09 5.5 2016-07 5.6 2018-12 7.0 2019-01 7.1 2019-12 7.2 2020-11 7.3 2021-12 7.4 2022-11 7 2022-11 8.0 2023-11 8.1 2025-12',
  },
  ruby: {
    name: 'Ruby',
    ends: '1.9 2015-02 2.0 2016-02 2.1 2017-03 2.2 2018-03 2.3 2019-03 2.4 2020-03 2.5 2021-03 2.6 2022-04 2.7 2023-03 2 2023-03 3.0 2024-04 3.1 2025-03 3.2 2026-04',
  },
  postgres: { name: 'PostgreSQL', ends: '9 2021-11 9.4 2020-02 9.5 2021-02 9.6 2021-11 10 2022-11 11 2023-11 12 2024-11 13 2025-11' },
  mysql: { name: 'MySQL', ends: '5 2023-10 5.5 2018-12 5.6 2021-02 5.7 2023-10 8.0 2026-04' },
};

const dotnet: Product = {
  name: '.NET',
  ends: '1.0 2019-06 1.1 2019-06 2.0 2018-10 2.1 2021-08 2.2 2019-12 3.0 2020-03 3.1 2022-12 5.0 2022-05 6.0 2024-11 7.0 2024-05',
};

/** A release that gets no security fixes any more. */
export interface Ended {
  /** `Node.js 16` */
  readonly what: string;
  /** `September 2023` */
  readonly since: string;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function endOf({ name, ends }: Product, release: string): Ended | undefined {
  const listed = ends.split(' ');
  const at = listed.findIndex((word, index) => index % 2 === 0 && word === release);
  const month = at === -1 ? undefined : listed[at + 1];
  if (month === undefined || month >= asOf) return undefined;
  return { what: `${name} ${release}`, since: `${months[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}` };
}

function productOf(name: string): Product | undefined {
  if (/^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:sdk|aspnet|runtime|runtime-deps)$/.test(name)) return dotnet;
  return Object.hasOwn(images, name) ? images[name] : undefined;
}

/** The release that a tag begins with: its first two numbers, or the first alone. */
function endOfTag(product: Product, tag: string): Ended | undefined {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?(?=[.-]|$)/.exec(tag) ?? [];
  if (major === undefined) return undefined;
  return (minor === undefined ? undefined : endOf(product, `${major}.${minor}`)) ?? (minor === undefined || product.name === 'Node.js' || Number(major) >= 10 ? endOf(product, major) : undefined);
}

function endOfDistribution(name: string, tag: string, facts: ImageFacts | undefined): Ended | undefined {
  if (/^(?:quay\.io\/centos\/)?centos$/.test(name)) {
    const [, stream = '', number = ''] = /^(?:centos)?(stream)?(\d+)(?=[.-]|$)/.exec(tag) ?? [];
    const product = distributions['centos'];
    return product && endOf(product, stream + number);
  }
  const { distribution, release } = facts ?? {};
  const product = distribution === undefined || !Object.hasOwn(distributions, distribution) ? undefined : distributions[distribution];
  return product === undefined || release === undefined ? undefined : endOf(product, release);
}

/** What of an image is past its end of life: its runtime, else its distribution; undefined where neither is, or nobody can tell. */
export function endOfLife(image: ImageReference, facts: ImageFacts | undefined): Ended | undefined {
  const name = nameOf(image);
  const tag = (image.tag ?? '').toLowerCase();
  const product = productOf(name);
  return (product && endOfTag(product, tag)) ?? endOfDistribution(name, tag, facts);
}
