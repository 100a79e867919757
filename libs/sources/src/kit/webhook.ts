import { z } from 'zod';
import { describeIssue, fieldErrors, found } from '#libs/validation';
import { checkAlert, foreignAlert, isRefused, toEvent } from './foreign-alert.js';
import { requireFew, type SourceAlert, UnknownPayload } from './source-alert.js';

/** The alerts of a webhook's body. */
export interface Webhook {
  alerts: SourceAlert[];
  /** How many alerts the sender left out, as its own settings say; their recoveries may never come. */
  truncatedAlerts: number;
}

const STATUSES = ['firing', 'resolved'] as const;

/** Grafana's own fields are taken where they are. */
const webhookAlert = foreignAlert.extend({
  status: z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(STATUSES)),
  panelURL: z.string().nullish(),
  dashboardURL: z.string().nullish(),
  values: z.unknown().optional(),
});

const webhook = z.object({
  alerts: z.array(z.unknown()).nullable(),
  truncatedAlerts: z.number().nullish().catch(0),
});

/**
 * Reads the object that Alertmanager (version 4), KubeSphere and Grafana post: they agree in all that is read here.
 * Each alert's own status counts; that of the whole is `firing` as long as one of them fires.
 *
 * @throws UnknownPayload
 */
export function readWebhook(body: unknown): Webhook {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new UnknownPayload([{ path: '', message: `must be an object with alerts, not ${found(body)}` }]);
  const parsed = webhook.safeParse(body, { error: describeIssue });
  if (!parsed.success) throw new UnknownPayload(fieldErrors(parsed.error.issues));
  const { truncatedAlerts } = parsed.data;
  const alerts = parsed.data.alerts ?? [];
  requireFew(alerts, 'alerts');
  return { alerts: alerts.map(readAlert), truncatedAlerts: truncatedAlerts ?? 0 };
}

function readAlert(value: unknown): SourceAlert {
  const checked = checkAlert(webhookAlert, value);
  if (!checked.ok) return checked;
  const { alert } = checked;
  const event = toEvent(alert, {
    isResolved: alert.status === 'resolved',
    url: alert.panelURL || alert.dashboardURL || alert.generatorURL,
    value: onlyNumber(alert.values),
  });
  return isRefused(event) ? event : { ok: true, event };
}

/** Of several values nobody can tell which one the alert is about. */
function onlyNumber(values: unknown): number | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const numbers = Object.values(values).filter((value) => typeof value === 'number');
  return numbers.length === 1 ? numbers[0] : undefined;
}
