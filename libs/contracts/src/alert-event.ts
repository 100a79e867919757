import type { Level } from './levels.js';

/**
 * One statement by a monitoring system that a policy fired or recovered on an object, after validation.
 * Absent optional fields are absent, never null. This is also the shape kept in Redis and in the delivery log.
 */
export interface AlertEvent {
  /** Given by the sender, or made by the API; 1 to 128 printable ASCII characters. */
  id: string;
  policy: string;
  object: string;
  objectName?: string;
  level: Level;
  title?: string;
  content?: string;
  value?: number;
  unit?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339. */
  startsAt?: string;
  endsAt?: string;
  url?: string;
}
