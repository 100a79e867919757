import { z } from 'zod';
import { LEVELS } from './levels.js';

const text = (charsMax: number) => z.string().min(1).max(charsMax);
const texts = z.record(z.string(), z.string()).nullish();
const time = z.iso
  .datetime({ offset: true, error: 'must be a time in RFC 3339, such as 2026-11-20T08:00:00Z' })
  .nullish();

/** Schema of a posted alert event. Optional fields may be null, which means absent. */
export const alertEventSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\x20-\x7e]{1,128}$/, { error: 'must be 1 to 128 printable ASCII characters' })
      .nullish()
      .describe('the same id sent again within an hour is the same event; generated if missing'),
    policy: text(256).describe('alert policy of the event'),
    object: text(1024).describe('monitored object, unique within its policy'),
    objectName: z.string().nullish().describe('name of the object for people'),
    level: z.enum(LEVELS).describe('severity, or recovered'),
    title: z.string().nullish(),
    content: z.string().nullish(),
    value: z.number().nullish(),
    unit: z.string().nullish(),
    labels: texts,
    annotations: texts,
    startsAt: time,
    endsAt: time,
    url: z.string().nullish(),
  })
  .meta({ id: 'AlertEvent' });

/** Largest event, in bytes of JSON. */
export const EVENT_BYTES_MAX = 64 * 1024;
/** Most events of one array. */
export const EVENTS_MAX = 5_000;
