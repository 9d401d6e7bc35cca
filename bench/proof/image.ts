import { docker, type Engine } from './engine.ts';
import type { Layers } from './snapshot.ts';

/** What an image says of how it is to be run. */
export const settingNames = [
  'Author', 'Env', 'Cmd', 'Entrypoint', 'User', 'WorkingDir', 'ExposedPorts', 'Labels', 'Volumes', 'Healthcheck', 'Shell', 'StopSignal', 'OnBuild',
] as const;
export type SettingName = (typeof settingNames)[number];
export type Settings = ReadonlyMap<SettingName, unknown>;

export interface Image {
  readonly id: string;
  /** Whom its programs run as, as it is written; empty for root. */
  readonly user: string;
  readonly settings: Settings;
  readonly layers: Layers;
  /** Of all its layers. */
  readonly bytes: number;
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each: unknown) => typeof each === 'string') : []);

/** Nothing and an empty list are the same; variables are compared by name, not by place. */
function plain(name: SettingName, value: unknown): unknown {
  if (value === null || value === '') return undefined;
  if (name === 'Env') return textsOf(value).sort();
  if (typeof value !== 'object' || Array.isArray(value)) return Array.isArray(value) && value.length === 0 ? undefined : value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** What the engine knows of an image. */
export async function inspect(engine: Engine, id: string): Promise<Image> {
  const [found]: unknown[] = JSON.parse(await docker(engine, ['image', 'inspect', id]));
  const config = property(found, 'Config');
  const places = property(property(found, 'GraphDriver'), 'Data');
  const folder = (name: string): string[] => textOf(property(places, name)).split(':').filter((each) => each !== '');
  const overlay = property(property(found, 'GraphDriver'), 'Name') === 'overlay2';
  return {
    id,
    user: textOf(property(config, 'User')),
    settings: new Map(settingNames.map((name) => [name, plain(name, property(name === 'Author' ? found : config, name))])),
    layers: { ids: textsOf(property(property(found, 'RootFS'), 'Layers')), folders: overlay ? [...folder('UpperDir'), ...folder('LowerDir')] : [] },
    bytes: Number(property(found, 'Size') ?? 0),
  };
}
