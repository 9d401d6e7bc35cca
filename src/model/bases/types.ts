export type Distribution =
  | 'debian' | 'ubuntu' | 'alpine' | 'rhel' | 'fedora' | 'amazon' | 'suse' | 'arch' | 'wolfi' | 'busybox' | 'distroless' | 'windows';

export type Variant = 'full' | 'slim' | 'alpine' | 'distroless' | 'devel' | 'runtime';

export type ShellKind = 'dash' | 'bash' | 'ash' | 'none' | 'windows';

/** What is known of a public image without asking a registry. Only what is certain is set. */
export interface ImageFacts {
  readonly distribution: Distribution | undefined;
  /** Where name or tag says it: Debian's code name, Ubuntu's number, Alpine's minor version (`3.20`), else the major one. */
  readonly release: string | undefined;
  /** The user a container runs as: `root` or the image's own. */
  readonly user: string | undefined;
  /** Users the image brings besides root and the distribution's system users. */
  readonly users: readonly string[];
  /** Set where `users` is the whole list. */
  readonly usersAreWhole?: true;
  readonly workdir: string | undefined;
  /** What `/bin/sh` is; `none` where there is no shell. */
  readonly shell: ShellKind | undefined;
  readonly bash: boolean | undefined;
  /** Names the image's ENV sets besides PATH, where the whole list is known; some of them only in some of its tags. */
  readonly environment: readonly string[] | undefined;
  /** Programs that matter to us and are certainly there: `python`, `pip`, `node`, `npm`, `go`, `gcc`, `git`, `curl`, `cuda`, `apt-get` … */
  readonly programs: readonly string[];
  readonly variant: Variant | undefined;
  /** The slim image of the same version, and about how many MB it saves, unpacked; set for full variants that have one. */
  readonly slim: { readonly text: string; readonly saves: number } | undefined;
  /** Set where the image starts as root and its own entrypoint steps down to another user. */
  readonly stepsDown?: true;
  /** The SHELL the image sets for what is built on it, where it sets one. */
  readonly shellCommand?: readonly string[];
}

/** How an image writes the tag of its slim twin. */
export interface SlimHabit {
  /** Where `slim` stands beside a release's code name: `3.12-slim-bookworm`, `22-bookworm-slim`. */
  readonly place: 'before-release' | 'last';
  /** What a tag without code name looks like when it has a slim twin. */
  readonly version: RegExp;
  /** Code names a tag may end with. */
  readonly releases: readonly string[];
  /** The code name alone is a tag too: `node:bookworm`. */
  readonly releaseAlone: boolean;
  /** The slim twin of `latest`; none when undefined. */
  readonly latest: string | undefined;
  /** About how many MB less, unpacked. */
  readonly saves: number;
}

/** What a table says of an image. Words in a text are parted by blanks. */
export interface KnownFacts {
  readonly distribution?: Distribution | undefined;
  readonly release?: string;
  readonly user?: string | undefined;
  readonly users?: string;
  /** `users` is the whole list. */
  readonly usersAreWhole?: true | undefined;
  readonly workdir?: string | undefined;
  readonly shell?: ShellKind | undefined;
  readonly bash?: boolean | undefined;
  readonly environment?: string | undefined;
  readonly programs?: string;
  /** Its package managers where they are not the distribution's; empty where there is none. */
  readonly manager?: string | undefined;
  readonly variant?: Variant | undefined;
  readonly stepsDown?: true;
  readonly shellCommand?: readonly string[];
}

export type TagChanges = readonly (readonly [RegExp, KnownFacts])[];

/** An image, all its tags together; what is said here holds for every tag that `tags` says nothing else of. */
export interface KnownImage extends KnownFacts {
  /** Names as `nameOf` gives them; a `*` at the end stands for any rest. */
  readonly names: readonly string[];
  /** No tag changes the distribution. Else a tag nobody can read leaves it open. */
  readonly oneDistribution?: true;
  /** The tag is a release of the distribution: `debian:12`. */
  readonly tagIsRelease?: true | undefined;
  /** The name tells distribution and release, as tags of other images do: `rocm/dev-ubuntu-22.04`. */
  readonly nameTells?: true;
  /** Programs of the full variant only. */
  readonly fullPrograms?: string;
  readonly slim?: SlimHabit;
  /** What some tags change, in order; `users` and `programs` are added. Of a tag with a variable only `$` and what follows is looked at. */
  readonly tags?: TagChanges;
}

export const words = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(' '));
