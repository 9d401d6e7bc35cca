import type { Command, ShellWord } from '../../dockerfile/command.ts';

/** What a package manager's command does. */
export type Action =
  | 'refresh' // fetches the lists of what there is: `apt-get update`
  | 'install-manifest' // installs what a manifest or lock file of the project names: `npm ci`, `pip install -r`
  | 'install-named' // installs packages named on the command line
  | 'install-project' // installs the project itself, so reads its sources: `pip install .`
  | 'download' // fetches a model, an interpreter or another artefact that is no package: `hf download`
  | 'build' // compiles, bundles, tests: reads the sources: `npm run build`, `cargo build`
  | 'edit' // writes files of the project, its manifest, lock file or settings: `poetry lock`, `go mod tidy`, `npm pkg set`
  | 'upgrade'
  | 'remove' // packages, or what a build made: `npm prune`, `mvn clean`
  | 'clean' // empties the manager's cache
  | 'configure' // changes the user's or the system's settings: `poetry config`, `npm config set`
  | 'query'; // reads only

/** An environment variable that moves a cache: the folder is `below` its value. */
export interface CacheMover {
  readonly variable: string;
  readonly below: string;
}

/** A folder a manager keeps its downloads in. */
export interface CacheFolder {
  /** Absolute, or below the user's home with `~/` in front. `XDG_CACHE_HOME` moves what lies below `~/.cache/`. */
  readonly path: string;
  /** The environment variable that holds this folder's path, when it is set. */
  readonly variable?: string;
  /** Variables that move the folder above it; the first one that is set counts, `variable` before all. */
  readonly movedBy?: readonly CacheMover[];
  /** Where the official image of a name has it, as that image sets such a variable. */
  readonly inImage?: Readonly<Record<string, string>>;
  /** Only one build at a time may use it: the cache mount needs `sharing=locked`. */
  readonly locked?: true;
  /** Later commands read it (`go build` the modules): a mount they don't share takes away what they need. */
  readonly readLater?: true;
  /** Only root has it here, or everyone but root. */
  readonly user?: 'root' | 'other';
  /** Only this edition of the manager has it (Yarn 1 is `classic`, later ones `berry`). */
  readonly edition?: 'classic' | 'berry';
}

/** What `refine` may look at. */
export interface Seen {
  /** The key of `actions` that was found. */
  readonly subcommand: string;
  readonly action: Action;
  readonly packages: readonly ShellWord[];
  /** Every word of the command. */
  readonly words: readonly ShellWord[];
}

/** One package manager: what its commands read, write and keep. */
export interface PackageManager {
  readonly name: string;
  /** The programs it is called by; `python -m pip` is seen through already. */
  readonly programs: readonly string[];
  /** The programs may carry a version: `pip3.11`. */
  readonly versioned?: true;
  readonly kind: 'system' | 'language' | 'model';
  /**
   * How a command line is read: a subcommand and its arguments (the default), `goals` that each stand for
   * themselves (`mvn clean package`), `tasks` that also carry a project (`gradle clean app:build`), or `letters`
   * of one flag (`pacman -Syu`).
   */
  readonly style?: 'goals' | 'tasks' | 'letters';
  /** Subcommand words (joined by a blank where there are several) and what they do. `''`: no subcommand. */
  readonly actions: Readonly<Record<string, Action>>;
  /** Words in front of the subcommand that choose a version: `cargo +nightly`, `bundle _2.1.4_`. */
  readonly selector?: RegExp;
  /** Long flags stand behind one dash, so that letters don't cluster: `go build -ldflags`. */
  readonly singleDash?: true;
  /** Flags that take the next word as their value, those of the lists below not repeated. */
  readonly valueFlags: readonly string[];
  /** Flags whose value names a file of what to install; such an install is one from a manifest. */
  readonly requirementFlags?: readonly string[];
  /** Flags whose value names another file the command reads: constraints, settings, a build file. */
  readonly fileFlags?: readonly string[];
  /** Flags whose value is a package or the path of one: `pip install -e`. */
  readonly packageFlags?: readonly string[];
  /** Flags whose value is the folder the command works in. */
  readonly directoryFlags?: readonly string[];
  /** Subcommands whose operands are files or folders of the project instead of packages. */
  readonly fileOperands?: readonly string[];
  /** Install subcommands that take no packages; a word behind them is a variable that holds flags. */
  readonly noOperands?: readonly string[];
  /** Flags with which an install of the project installs its dependencies only: `--no-root`. */
  readonly dependenciesOnlyFlags?: readonly string[];
  /** What stands behind `--` belongs to another program. */
  readonly dashesEnd?: true;
  /** How a word looks that is the path of a local package; none: local packages stay named ones. */
  readonly localPackage?: RegExp;
  /** What the tables can't tell; undefined leaves the action as it is. */
  readonly refine?: (seen: Seen) => Action | undefined;
  readonly caches: readonly CacheFolder[];
  /** Flag that keeps the cache out of the layer: `--no-cache-dir`, `--no-cache`. */
  readonly noCacheFlag?: string;
  /** Other spellings of it. */
  readonly noCacheAliases?: readonly string[];
  /** The environment variable that does the same. */
  readonly noCacheVariable?: string;
  /** What an install leaves in the project's folder: `node_modules`, `vendor`. */
  readonly outputs: readonly string[];
  /** Environment variables that name files an install reads. */
  readonly manifestVariables?: readonly string[];
}

/** A command of a package manager, read. */
export interface Invocation {
  readonly command: Command;
  readonly manager: PackageManager;
  readonly action: Action;
  /** The subcommand's last word (`install`); undefined where the manager has none here. */
  readonly subcommand: ShellWord | undefined;
  /** The subcommand as the manager's table has it: `pip install`; empty for none. */
  readonly subcommandKey: string;
  /** What is named to be installed, removed or downloaded; paths of local packages included. */
  readonly packages: readonly ShellWord[];
  /** Files of the project the command names: `-r requirements.txt`, `-c constraints.txt`, `-f pom.xml`. */
  readonly manifestFlags: readonly ShellWord[];
  /** The folder it is told to work in: `npm --prefix frontend`. */
  readonly directory: ShellWord | undefined;
  /** Unquoted words that are nothing but variables: they may hold flags, several words, or none. */
  readonly unknown: readonly ShellWord[];
}

/** A table of subcommands that do the same: `does('clean', 'clean all', 'clean')`. */
export const does = (action: Action, ...subcommands: readonly string[]): Record<string, Action> =>
  Object.fromEntries(subcommands.map((subcommand) => [subcommand, action]));
