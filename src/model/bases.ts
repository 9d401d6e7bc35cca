import type { ImageReference } from '../dockerfile/image.ts';

export type Distribution =
  | 'debian' | 'ubuntu' | 'alpine' | 'rhel' | 'fedora' | 'amazon' | 'suse' | 'arch' | 'wolfi' | 'busybox' | 'distroless' | 'windows';

/** What is known of a public image without asking a registry. Only what is certain is set. */
export interface ImageFacts {
  readonly distribution: Distribution | undefined;
  /** `bookworm`, `22.04`, `3.20` where the tag says it. */
  readonly release: string | undefined;
  /** The user a container runs as: `root` or the image's own. */
  readonly user: string | undefined;
  /** Users the image brings besides root and the distribution's system users. */
  readonly users: readonly string[];
  readonly workdir: string | undefined;
  /** What `/bin/sh` is; `none` where there is no shell. */
  readonly shell: 'dash' | 'bash' | 'ash' | 'none' | 'windows' | undefined;
  readonly bash: boolean | undefined;
  /** Names the image's ENV sets besides PATH, where the whole list is known. */
  readonly environment: readonly string[] | undefined;
  /** Programs that matter to us: `python`, `pip`, `node`, `npm`, `go`, `gcc`, `git`, `curl`, `cuda` … */
  readonly programs: readonly string[];
  readonly variant: 'full' | 'slim' | 'alpine' | 'distroless' | 'devel' | 'runtime' | undefined;
  /** The slim image of the same version, and about how many MB it saves; set for full variants that have one. */
  readonly slim: { readonly text: string; readonly saves: number } | undefined;
}

/** What we know of an image by its name and tag; undefined for an image we don't know. */
export function imageFacts(_image: ImageReference): ImageFacts | undefined {
  return undefined;
}
