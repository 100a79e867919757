import type { ValueTransformer } from 'typeorm';

/** The driver hands out 64-bit integers as text; ours count changes and stay far below 2^53. */
export const bigintAsNumber: ValueTransformer = {
  to: (value: number | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
