import { z } from 'zod';
import { describeIssue, fieldErrors, prototypeFields } from '#libs/validation';
import { fitEvent } from './fit-event.js';
import { identify, type Texts } from './identify.js';
import { levelOf } from './severity.js';
import type { Refused, SourceEvent } from './source-alert.js';

/** Far more than any alert has; counted before each is looked at, which of a million takes seconds. */
const TEXTS_MAX = 1_000;
const entriesOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).length : 0);

/** Senders written in Go have null for what is empty. */
const texts = z
  .any()
  .refine((value) => entriesOf(value) <= TEXTS_MAX, {
    error: ({ input }) => `has ${entriesOf(input)} entries, at most ${TEXTS_MAX} are allowed`,
    abort: true,
  })
  .pipe(z.record(z.string(), z.string().nullable()))
  .nullish();

/** Go's zero time, in whatever zone it was written, means that there is none. */
const isNoTime = (value: unknown) => value === '' || (typeof value === 'string' && value.startsWith('000'));
const time = z.preprocess(
  (value) => (isNoTime(value) ? undefined : value),
  z.iso.datetime({ offset: true, error: 'must be a time in RFC 3339, such as 2026-11-20T08:00:00Z' }).nullish(),
);

/** What the alerts of Prometheus, Alertmanager, KubeSphere and Grafana have in common; other fields are passed over. */
export const foreignAlert = z.object({
  labels: texts,
  annotations: texts,
  startsAt: time,
  endsAt: time,
  generatorURL: z.string().nullish(),
});
export type ForeignAlert = z.output<typeof foreignAlert>;

/** An alert checked by its schema, or what is wrong with it. */
export function checkAlert<T extends z.ZodType>(schema: T, value: unknown): { ok: true; alert: z.output<T> } | Refused {
  const forbidden = prototypeFields(value);
  if (forbidden.length > 0) return { ok: false, errors: forbidden };
  const parsed = schema.safeParse(value, { error: describeIssue });
  return parsed.success ? { ok: true, alert: parsed.data } : { ok: false, errors: fieldErrors(parsed.error.issues) };
}

/** What a format knows of an alert besides what all have. */
export interface Particulars {
  isResolved: boolean;
  url?: string | null | undefined;
  value?: number | undefined;
}

/** The event that an alert states. An alert without labels is none. */
export function toEvent(alert: ForeignAlert, { isResolved, url, value }: Particulars): SourceEvent | Refused {
  const labels = withoutEmpty(alert.labels);
  if (Object.keys(labels).length === 0)
    return { ok: false, errors: [{ path: 'labels', message: 'has no label that is not empty, at least 1 is needed' }] };
  const annotations = withoutEmpty(alert.annotations);
  return fitEvent({
    ...identify(labels),
    level: isResolved ? 'recovered' : levelOf(labels.severity),
    ...present({
      // KubeSphere has one text, `message`, and a summary in each language.
      title: annotations.summary ?? annotations.summaryCn ?? annotations.summary_cn,
      content: annotations.description ?? annotations.message,
      value,
      startsAt: alert.startsAt,
      // Of an alert that fires, it is when the sender will have to repeat it.
      endsAt: isResolved ? alert.endsAt : undefined,
      url: url || undefined,
    }),
    labels,
    ...(Object.keys(annotations).length > 0 && { annotations }),
  });
}

export const isRefused = (found: SourceEvent | Refused): found is Refused => 'ok' in found;

function withoutEmpty(set: Record<string, string | null> | null | undefined): Texts {
  return Object.fromEntries(Object.entries(set ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1])));
}

function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
