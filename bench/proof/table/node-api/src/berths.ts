export interface Berth {
  readonly id: number;
  readonly name: string;
  /** Metres. */
  readonly length: number;
}

export const berths: readonly Berth[] = [
  { id: 1, name: 'Old Quay', length: 40 },
  { id: 2, name: 'Ferry Landing', length: 120 },
  { id: 3, name: 'North Mole', length: 75 },
];

export const berthOf = (id: number): Berth | undefined => berths.find((berth) => berth.id === id);
