import type { Command, ShellWord } from '../dockerfile/command.ts';

/** What a package manager's command does. */
export type Action =
  | 'refresh' // fetches the lists of what there is: `apt-get update`
  | 'install-manifest' // installs what a manifest or lock file of the project names: `npm ci`, `pip install -r`
  | 'install-named' // installs packages named on the command line
  | 'install-project' // installs the project itself, so reads its sources: `pip install .`
  | 'download' // fetches a model or an artefact that is no package: `hf download`
  | 'build' // compiles or bundles, reads the sources: `npm run build`, `cargo build`
  | 'upgrade'
  | 'remove'
  | 'clean'
  | 'configure' // changes the manager's own settings: `poetry config`, `yarn config set`
  | 'query'; // reads only

/** A folder a manager keeps its downloads in. */
export interface CacheFolder {
  /** Absolute, or below the user's home with `~/` in front. */
  readonly path: string;
  /** The environment variable that moves it. */
  readonly variable?: string;
  /** Only one build at a time may use it: the cache mount needs `sharing=locked`. */
  readonly locked?: true;
}

/** One package manager: what its commands read, write and keep. */
export interface PackageManager {
  readonly name: string;
  /** The programs it is called by; `python -m pip` is seen through already. */
  readonly programs: readonly string[];
  readonly kind: 'system' | 'language' | 'model';
  /** Subcommand words (joined by a blank where there are two) and what they do. `''`: no subcommand. */
  readonly actions: Readonly<Record<string, Action>>;
  /** Flags that take the next word as their value. */
  readonly valueFlags: readonly string[];
  readonly caches: readonly CacheFolder[];
  /** Flag that keeps the cache out of the layer: `--no-cache-dir`, `--no-cache`. */
  readonly noCacheFlag?: string;
  /** What an install leaves in the project's folder: `node_modules`, `vendor`. */
  readonly outputs: readonly string[];
}

/** A command of a package manager, read. */
export interface Invocation {
  readonly command: Command;
  readonly manager: PackageManager;
  readonly action: Action;
  /** The subcommand's last word (`install`); undefined where the manager has none here. */
  readonly subcommand: ShellWord | undefined;
  /** What is named to be installed, removed or downloaded; paths of local packages included. */
  readonly packages: readonly ShellWord[];
  /** Files of the project named by flags: `-r requirements.txt`, `-c constraints.txt`, `-f pom.xml`. */
  readonly manifestFlags: readonly ShellWord[];
}
