import { z } from 'zod';
import { found } from '../kit/check-payload.js';
import { checkAlert, foreignAlert, time, toEvent } from '../kit/foreign-alert.js';
import { readWebhook, webhook } from '../kit/webhook.js';
import { ALERTS_MAX, type ReadAlert, type Reading, requireFew, UnknownPayload } from '../source.js';

/** Alertmanager's `resolve_timeout`: an alert without an end fires for this time. */
const FIRING_MS_DEFAULT = 5 * 60_000;
/** Longest time for which an alert fires without being repeated: then its episode ends anyway. */
const FIRING_MS_MAX = 7 * 24 * 3_600_000;

const postedAlert = foreignAlert
  .extend({ endsAt: time.describe('until when it fires unless it is repeated; in the past, when it recovered') })
  .meta({ id: 'PostedAlert' });

/** A body of Alertmanager's API v2: alerts, or the webhook object that KubeSphere posts to the same path. */
export const payload = z.union([z.array(postedAlert).max(ALERTS_MAX), webhook]);

/**
 * Reads alerts with their ends. Alerts of a webhook have no expiry: they fire until the webhook says that they recovered.
 *
 * @throws UnknownPayload
 */
export function readPostedAlerts(body: unknown, nowMs: number): Reading {
  if (Array.isArray(body)) {
    requireFew(body);
    return { alerts: Iterator.from(body).map((value) => readAlert(value, nowMs)), place: [] };
  }
  if (typeof body === 'object' && body !== null) return readWebhook(body);
  throw new UnknownPayload([
    { path: '', message: `must be an array of alerts, or a webhook's object, not ${found(body)}` },
  ]);
}

/** An end in the past is a recovery. An end in the future is the time until which the alert has to be repeated. */
function readAlert(value: unknown, nowMs: number): ReadAlert {
  const checked = checkAlert(postedAlert, value);
  if (!checked.ok) return checked;
  const { startsAt, endsAt, generatorURL } = checked.value;
  const endMs = endsAt ? Date.parse(endsAt) : nowMs + FIRING_MS_DEFAULT;
  if (startsAt && endsAt && endMs < Date.parse(startsAt))
    return { ok: false, errors: [{ path: 'endsAt', message: `is ${endsAt}, before startsAt, ${startsAt}` }] };
  const isResolved = endMs <= nowMs;
  const event = toEvent(checked.value, { isResolved, url: generatorURL });
  return isResolved ? { ok: true, event } : { ok: true, event, firingUntilMs: Math.min(endMs, nowMs + FIRING_MS_MAX) };
}
