import type { ImageReference } from '../dockerfile/image.ts';
import type { ImageFacts } from './bases.ts';
import { nameOf } from './bases/name.ts';

/** Images whose Debian and Ubuntu variants have neither curl nor wget, `slim` in their tag; `true`: the others neither. */
const debian: Readonly<Record<string, boolean>> = {
  debian: true, ubuntu: true, python: false, node: false, ruby: false, rust: false, perl: false, erlang: false, elixir: false,
  'mcr.microsoft.com/dotnet/aspnet': true, 'mcr.microsoft.com/dotnet/runtime': true, 'mcr.microsoft.com/dotnet/runtime-deps': true,
};

/** Images whose Alpine variants have BusyBox's wget and no curl. */
const alpine = new Set([
  'alpine', 'python', 'node', 'ruby', 'golang', 'rust', 'postgres', 'redis', 'eclipse-temurin', 'openjdk', 'erlang', 'elixir',
  'mcr.microsoft.com/dotnet/aspnet', 'mcr.microsoft.com/dotnet/runtime', 'mcr.microsoft.com/dotnet/runtime-deps',
]);

/** Which of curl and wget an image certainly lacks. */
export function lacks(image: ImageReference, facts: ImageFacts | undefined): readonly ('curl' | 'wget')[] {
  const name = nameOf(image);
  if (facts === undefined || image.text.includes('$')) return [];
  if (facts.distribution === 'alpine') return alpine.has(name) ? ['curl'] : [];
  if (facts.distribution === 'distroless' || facts.variant === 'distroless') return facts.shell === 'none' ? ['curl', 'wget'] : [];
  if (facts.distribution !== 'debian' && facts.distribution !== 'ubuntu') return [];
  const always = Object.hasOwn(debian, name) ? debian[name] : undefined;
  return always === true || (always === false && facts.variant === 'slim') ? ['curl', 'wget'] : [];
}
