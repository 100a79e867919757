import type { Message } from '../channel.js';

/** A record as kafkajs takes it, and the delivery that it is. */
export interface KafkaRecord {
  id: string;
  key: string;
  value: string;
  headers: Record<string, string>;
  /** Milliseconds since 1970, in digits. */
  timestamp: string;
}

/** How far back a record may be dated: what is older than a topic keeps would be thrown away on arrival. */
const AGE_MAX_MS = 86_400_000;

/** @param key rendered */
export function recordOf({ deliveryId, content, level, variables }: Message, key: string, now: Date): KafkaRecord {
  return {
    id: deliveryId,
    key,
    value: content,
    headers: { 'delivery-id': deliveryId, level, 'content-type': 'application/json' },
    timestamp: String(timeOf(level === 'recovered' ? variables.ends_at : variables.starts_at, now.getTime())),
  };
}

/** The event's own time. One in the future would be refused by the broker, and is taken for a clock that is wrong. */
function timeOf(text: string | null, now: number): number {
  const time = text === null ? Number.NaN : Date.parse(text);
  return time <= now && time > now - AGE_MAX_MS ? time : now;
}

/** For the limits of a batch: more than it will be on its way. */
export function bytesOf({ key, value }: KafkaRecord): number {
  return 512 + 3 * key.length + Buffer.byteLength(value);
}
