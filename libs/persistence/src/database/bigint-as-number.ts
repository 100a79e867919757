import type { ValueTransformer } from 'typeorm';

/** Converts 64-bit integers, which the driver returns as text. They count changes and stay far below 2^53. */
export const bigintAsNumber: ValueTransformer = {
  to: (value: number | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
