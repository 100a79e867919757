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

/** The level of a `severity` label, regardless of case; `warning` if it is absent or unknown. */
export const levelOf = (severity: string | undefined): Level =>
  LEVELS.get(severity?.trim().toLowerCase() ?? '') ?? 'warning';
