import { found } from '#libs/validation';
import { checkAlert, foreignAlert, isRefused, toEvent } from './foreign-alert.js';
import { requireFew, type SourceAlert, UnknownPayload } from './source-alert.js';
import { readWebhook, type Webhook } from './webhook.js';

/** Alertmanager's `resolve_timeout`: so long fires what does not say until when. */
const FIRING_MS_DEFAULT = 5 * 60_000;

/**
 * Reads a body of Alertmanager's API v2, `POST /api/v2/alerts`: an array of alerts, or the webhook object that KubeSphere
 * posts there. Alerts of an array say until when they fire; those of a webhook fire until it says that they do not.
 *
 * @throws UnknownPayload
 */
export function readPostedAlerts(body: unknown, nowMs: number): Webhook {
  if (Array.isArray(body)) {
    requireFew(body);
    return { alerts: body.map((value) => readAlert(value, nowMs)), truncatedAlerts: 0 };
  }
  if (typeof body === 'object' && body !== null) return readWebhook(body);
  throw new UnknownPayload([
    { path: '', message: `must be an array of alerts, or a webhook's object, not ${found(body)}` },
  ]);
}

/** An end in the past is a recovery; one in the future is when the alert has to be repeated at the latest. */
function readAlert(value: unknown, nowMs: number): SourceAlert {
  const checked = checkAlert(foreignAlert, value);
  if (!checked.ok) return checked;
  const { startsAt, endsAt, generatorURL } = checked.alert;
  const firingUntilMs = endsAt ? Date.parse(endsAt) : nowMs + FIRING_MS_DEFAULT;
  if (startsAt && endsAt && firingUntilMs < Date.parse(startsAt))
    return { ok: false, errors: [{ path: 'endsAt', message: `is ${endsAt}, before startsAt, ${startsAt}` }] };
  const isResolved = firingUntilMs <= nowMs;
  const event = toEvent(checked.alert, { isResolved, url: generatorURL });
  if (isRefused(event)) return event;
  return isResolved ? { ok: true, event } : { ok: true, event, firingUntilMs };
}
