import type { Level } from '#libs/contracts';

/** The facilities in the order of their numbers: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1 */
export const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;
export type Facility = (typeof FACILITIES)[number];

/** The severity of a level: 2 critical, 3 error, 4 warning, 5 notice, 6 informational. */
const SEVERITIES: Readonly<Record<Level, number>> = {
  fatal: 2,
  error: 3,
  nodata: 4,
  warning: 4,
  recovered: 5,
  info: 6,
};

/** The number at the beginning of a message, in both formats. */
export function priorityOf(facility: Facility, level: Level): number {
  return FACILITIES.indexOf(facility) * 8 + SEVERITIES[level];
}
