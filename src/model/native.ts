import type { BuildContext } from '../context/context.ts';
import { readInvocation, type Invocation } from './packages.ts';
import type { Command } from '../dockerfile/command.ts';

/** Packages of PyPI that come without wheels for Linux, or need headers: they are compiled where they are installed. */
const pythonPackages = new Set([
  'annoy', 'backports-zoneinfo', 'cwiid', 'dbus-python', 'deepspeed', 'detectron2', 'dlib', 'fasttext', 'flash-attn', 'hdbscan-legacy', 'hnswlib', 'jpype1-py3',
  'lda', 'leveldb', 'llama-cpp-python', 'm2crypto', 'mod-wsgi', 'mysqlclient', 'mysql-python', 'netifaces', 'pivy', 'psycopg-c', 'psycopg2', 'pyaudio',
  'pycairo', 'pycocotools-fix', 'pycrypto', 'pygobject', 'pygraphviz', 'pyjq', 'pylibmc', 'pyodbc-legacy', 'python-ldap', 'pyxattr', 'pysqlcipher3',
  'rjsmin-c', 'sasl', 'smbus', 'spidev', 'rpi-gpio', 'systemd-python', 'thriftpy', 'uwsgi', 'xmlsec', 'pyscrypt', 'sasl3', 'bjoern', 'mpi4py', 'gdal', 'pygame-legacy',
]);

/** Packages of npm that node-gyp compiles. */
const nodePackages = new Set([
  'node-gyp', 'node-sass', 'libxmljs', 'node-rdkafka', 'deasync', 'fibers', 'isolated-vm', 'node-expat', 'iconv', 'leveldown-hyper', 'kerberos-legacy', 'node-pty',
  'ref', 'ffi', 'ref-napi', 'ffi-napi', 'snappy-native', 'microtime', 'pg-native', 'odbc', 'unix-dgram', 'posix', 'x11', 'bignum', 'heapdump', 'mmmagic', 'gl', 'speaker',
]);
