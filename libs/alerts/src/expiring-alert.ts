import { createHash } from 'node:crypto';
import type { AlertEvent } from '#libs/contracts';

/** Who keeps leases up: one API key. Names of keys are unique within a team. */
export interface Source {
  /** Whose policies take the key's events; null for all. */
  team: string | null;
  key: string;
}

/** An alert that fires until a time, unless it is repeated. */
export interface Firing {
  event: AlertEvent;
  /** Epoch milliseconds. */
  untilMs: number;
}

/** As much of an alert as its recovery needs, which policies match and people read. */
export type LeasedAlert = Pick<AlertEvent, 'policy' | 'object' | 'objectName' | 'title' | 'labels' | 'startsAt'>;

const BYTES_MAX = 8_192;
const TEXT_CHARS_MAX = 256;
/** Half of a character of two UTF-16 units. */
const SPLIT_END = /[\ud800-\udbff]$/;

const hash = (parts: readonly unknown[], chars: number): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, chars);

/** The name of a source in Redis. */
export const sourceTag = ({ team, key }: Source): string => hash([team, key], 16);

/** The name of a lease among those of its source. */
export const leaseId = ({ policy, object }: Pick<AlertEvent, 'policy' | 'object'>): string =>
  hash([policy, object], 16);

/** What is kept of an alert while its lease lasts: at most 8 KiB. Of too many labels the shortest are kept. */
export function packAlert({ policy, object, objectName, title, labels, startsAt }: LeasedAlert): string {
  const cut = (text: string | undefined) => text?.slice(0, TEXT_CHARS_MAX).replace(SPLIT_END, '') ?? null;
  const pack = (some: typeof labels) =>
    JSON.stringify([policy, object, cut(objectName), cut(title), some ?? null, startsAt ?? null]);
  const packed = pack(labels);
  if (labels === undefined || Buffer.byteLength(packed) <= BYTES_MAX) return packed;
  let left = BYTES_MAX - Buffer.byteLength(pack({}));
  const bySize = Object.entries(labels)
    .map((entry) => ({ entry, bytes: Buffer.byteLength(JSON.stringify(entry)) }))
    .sort((a, b) => a.bytes - b.bytes);
  const fitting = bySize.filter(({ bytes }) => {
    left -= bytes;
    return left >= 0;
  });
  return pack(Object.fromEntries(fitting.map(({ entry }) => entry)));
}

export function unpackAlert(packed: string): LeasedAlert {
  const [policy, object, objectName, title, labels, startsAt] = JSON.parse(packed);
  return {
    policy,
    object,
    ...(objectName !== null && { objectName }),
    ...(title !== null && { title }),
    ...(labels !== null && { labels }),
    ...(startsAt !== null && { startsAt }),
  };
}
