import { useQuery } from '@tanstack/react-query';
import type { Harbour } from './tides';

const address = import.meta.env.VITE_FEED ?? '/harbours.json';

async function load(): Promise<Harbour[]> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The tides could not be read: ${answer.status}`);
  return answer.json();
}

export const useHarbours = () => useQuery({ queryKey: ['harbours'], queryFn: load, staleTime: 60_000 });
