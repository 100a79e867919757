import type { AlertEvent } from '#libs/contracts';
import { shortHash } from './short-hash.js';

/** An alert that fires until a time, unless it is repeated. */
export interface FiringAlert {
  event: AlertEvent;
  /** Epoch milliseconds. */
  untilMs: number;
}

/** The part of an alert that its recovery needs: policies match it, and people read it. */
export type AlertSummary = Pick<AlertEvent, 'policy' | 'object' | 'objectName' | 'title' | 'labels' | 'startsAt'>;

const BYTES_MAX = 8_192;
const TEXT_CHARS_MAX = 256;
/** Half of a character of two UTF-16 units. */
const SPLIT_END = /[\ud800-\udbff]$/;

/** The name of an alert among those of its reporter. */
export const alertId = ({ policy, object }: Pick<AlertEvent, 'policy' | 'object'>): string =>
  shortHash([policy, object]);

/** The summary of an alert as it is stored until the alert expires: at most 8 KiB. Of too many labels the shortest stay. */
export function packAlert({ policy, object, objectName, title, labels, startsAt }: AlertSummary): string {
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

export function unpackAlert(packed: string): AlertSummary {
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
