import { z } from 'zod';
import { type FieldError, prototypeFields } from '#libs/validation';
import type { RefusedAlert } from '../source.js';
import { checkPayload } from './check-payload.js';
import { fitEvent } from './fit-event.js';
import { identify, type Texts } from './identify.js';
import { levelOf } from './severity.js';
import type { SourceEvent } from './source-event.js';

/** Senders written in Go send null for empty texts and lists. */
const texts = z.record(z.string(), z.string().nullable());
const NO_LABEL = 'has no label that is not empty, at least 1 is needed';
const labels = z
  .record(z.string(), z.string().nullable(), {
    error: ({ input }) => (input === undefined || input === null ? NO_LABEL : undefined),
  })
  .refine((set) => Object.values(set).some(Boolean), NO_LABEL)
  .describe('at least one that is not empty; `alertname` is the policy');

/** Go's zero time, in any time zone, means that there is no time. */
const isNoTime = (value: unknown) => value === '' || (typeof value === 'string' && value.startsWith('000'));
export const time = z.preprocess(
  (value) => (isNoTime(value) ? undefined : value),
  z.iso.datetime({ offset: true, error: 'must be a time in RFC 3339, such as 2026-11-20T08:00:00Z' }).nullish(),
);

/** The common fields of alerts of Prometheus, Alertmanager, KubeSphere and Grafana; other fields are ignored. */
export const foreignAlert = z.object({
  labels,
  annotations: texts.nullish(),
  startsAt: time,
  endsAt: time,
  generatorURL: z.string().nullish(),
});
export type ForeignAlert = z.output<typeof foreignAlert>;

/** Most labels, and most annotations, of an alert: far more than any has. To check a million takes seconds. */
const TEXTS_MAX = 1_000;

/** An alert checked by its schema, or its errors. */
export function checkAlert<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { ok: true; value: z.output<T> } | RefusedAlert {
  const errors = [...prototypeFields(value), ...overlongSets(value)];
  return errors.length > 0 ? { ok: false, errors } : checkPayload(schema, value);
}

function overlongSets(value: unknown): FieldError[] {
  const { labels, annotations } = (value ?? {}) as { labels?: unknown; annotations?: unknown };
  return Object.entries({ labels, annotations }).flatMap(([path, set]) => {
    const entries = typeof set === 'object' && set !== null ? Object.keys(set).length : 0;
    return entries <= TEXTS_MAX ? [] : [{ path, message: `has ${entries} entries, at most ${TEXTS_MAX} are allowed` }];
  });
}

/** Facts of an alert that each format states in its own way. */
export interface Particulars {
  isResolved: boolean;
  url?: string | null | undefined;
  value?: number | undefined;
}

/** The event that an alert states. */
export function toEvent(alert: ForeignAlert, { isResolved, url, value }: Particulars): SourceEvent {
  const labels = withoutEmpty(alert.labels);
  const annotations = withoutEmpty(alert.annotations);
  return fitEvent({
    ...identify(labels),
    level: isResolved ? 'recovered' : levelOf(labels.severity),
    ...present({
      // KubeSphere has one text, `message`, and a summary for each language.
      title: annotations.summary ?? annotations.summaryCn ?? annotations.summary_cn,
      content: annotations.description ?? annotations.message,
      value,
      startsAt: alert.startsAt,
      // The end of a firing alert is the time until which it has to be repeated.
      endsAt: isResolved ? alert.endsAt : undefined,
      url: url || undefined,
    }),
    labels,
    ...(Object.keys(annotations).length > 0 && { annotations }),
  });
}

function withoutEmpty(set: Record<string, string | null> | null | undefined): Texts {
  return Object.fromEntries(Object.entries(set ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1])));
}

function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
