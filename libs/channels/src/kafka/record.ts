import type { KafkaRecord } from '#libs/kafka';
import type { Message } from '../channel.js';

/** The oldest timestamp of a record, in milliseconds before now: a topic deletes records older than its retention. */
const AGE_MAX_MS = 86_400_000;

/** @param key the rendered key */
export function recordOf({ deliveryId, content, level, variables }: Message, key: string, now: Date): KafkaRecord {
  return {
    id: deliveryId,
    key,
    value: content,
    headers: { 'delivery-id': deliveryId, level, 'content-type': 'application/json' },
    timestamp: String(timestampOf(level === 'recovered' ? variables.ends_at : variables.starts_at, now.getTime())),
  };
}

/** The event's own time. A time in the future is replaced by now, because brokers refuse it. */
function timestampOf(text: string | null, now: number): number {
  const time = text === null ? Number.NaN : Date.parse(text);
  return time <= now && time > now - AGE_MAX_MS ? time : now;
}
