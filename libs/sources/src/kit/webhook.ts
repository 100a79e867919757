import { z } from 'zod';
import { ALERTS_MAX, type ReadAlert, type Reading, requireFew, UnknownPayload } from '../source.js';
import { checkPayload, found } from './check-payload.js';
import { checkAlert, foreignAlert, toEvent } from './foreign-alert.js';

/** More than any sender leaves out; Alertmanager counts in 64 bits. */
const TRUNCATED_MAX = 1_000_000_000;
const STATUSES = ['firing', 'resolved'] as const;

const webhookAlert = z
  .object({
    status: z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(STATUSES)),
    ...foreignAlert.shape,
    panelURL: z.string().nullish().describe("of Grafana; preferred to the other two as the event's url"),
    dashboardURL: z.string().nullish().describe('of Grafana'),
    values: z.unknown().optional().describe('an object, of Grafana; read only if it holds exactly one number'),
  })
  .meta({ id: 'WebhookAlert' });

/** The object that Alertmanager (version 4), KubeSphere and Grafana post: the fields that are read mean the same in all. */
export const webhook = z
  .object({
    alerts: z.array(webhookAlert).max(ALERTS_MAX).nullable(),
    truncatedAlerts: z.int().min(0).max(TRUNCATED_MAX).nullish().describe('number of alerts that the sender left out'),
  })
  .meta({ id: 'AlertWebhook' });

/** The same, with alerts that are checked one by one. */
const envelope = webhook.extend({
  alerts: z.array(z.unknown()).nullable(),
});

/**
 * Reads the body of a webhook. Each alert's own status counts; the status of the whole is `firing` while any alert fires.
 *
 * @throws UnknownPayload
 */
export function readWebhook(body: unknown): Reading {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new UnknownPayload([{ path: '', message: `must be an object with alerts, not ${found(body)}` }]);
  const checked = checkPayload(envelope, body);
  if (!checked.ok) throw new UnknownPayload(checked.errors);
  const { truncatedAlerts } = checked.value;
  const alerts = checked.value.alerts ?? [];
  requireFew(alerts, 'alerts');
  return {
    alerts: Iterator.from(alerts).map((alert) => readAlert(alert)),
    place: ['alerts'],
    truncatedAlerts: truncatedAlerts ?? 0,
  };
}

function readAlert(value: unknown): ReadAlert {
  const checked = checkAlert(webhookAlert, value);
  if (!checked.ok) return checked;
  const { status, panelURL, dashboardURL, generatorURL, values } = checked.value;
  const url = panelURL || dashboardURL || generatorURL;
  return {
    ok: true,
    event: toEvent(checked.value, { isResolved: status === 'resolved', url, value: onlyNumber(values) }),
  };
}

/** The value of an alert; undefined if there are several, since nothing says which one the alert is about. */
function onlyNumber(values: unknown): number | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const numbers = Object.values(values).filter((value) => typeof value === 'number');
  return numbers.length === 1 ? numbers[0] : undefined;
}
