import { create } from 'zustand';

interface Chosen {
  readonly id: string | undefined;
  readonly choose: (id: string) => void;
}

export const useChosen = create<Chosen>((set) => ({ id: undefined, choose: (id) => set({ id }) }));
