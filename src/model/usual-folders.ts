/** Folders that every image of a distribution has (Filesystem Hierarchy Standard 3.0, 3.2 and 4.2). */
export const usualFolders: ReadonlySet<string> = new Set([
  '/', '/bin', '/etc', '/home', '/lib', '/opt', '/root', '/run', '/sbin', '/srv', '/tmp', '/usr', '/usr/bin', '/usr/lib', '/usr/local', '/usr/local/bin',
  '/usr/local/lib', '/usr/local/share', '/usr/sbin', '/usr/share', '/var', '/var/cache', '/var/lib', '/var/log', '/var/tmp', '/usr/local/etc', '/usr/local/sbin',
]);
