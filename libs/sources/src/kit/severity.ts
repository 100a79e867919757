import type { Level } from '#libs/contracts';

const LEVELS = new Map<string, Level>([
  ['critical', 'fatal'],
  ['fatal', 'fatal'],
  ['page', 'fatal'],
  ['error', 'error'],
  ['major', 'error'],
  ['high', 'error'],
  ['warning', 'warning'],
  ['minor', 'warning'],
  ['medium', 'warning'],
  ['info', 'info'],
  ['none', 'info'],
  ['low', 'info'],
]);

/** The level that a `severity` label stands for, in any case of letters; of one that is absent or unknown `warning`. */
export const levelOf = (severity: string | undefined): Level =>
  LEVELS.get(severity?.trim().toLowerCase() ?? '') ?? 'warning';
