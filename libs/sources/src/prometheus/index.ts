import { EXAMPLE_ALERT } from '../kit/example-alert.js';
import { defineSource } from '../source.js';
import { payload, readPostedAlerts } from './read.js';

/**
 * Prometheus, and every other sender that has Tocsin in its list of Alertmanagers:
 * https://prometheus.io/docs/alerting/latest/clients/
 */
export const prometheus = defineSource({
  type: 'prometheus',
  payload,
  example: [{ ...EXAMPLE_ALERT, endsAt: '2026-11-20T08:04:00Z' }],
  read: ({ body }, nowMs) => readPostedAlerts(body, nowMs),
  http: {
    operations: {
      POST: { summary: "Takes in alerts by Alertmanager's API v2, of Prometheus and other senders" },
    },
    description:
      'An alert fires until its `endsAt`, or for five minutes without one; an `endsAt` in the past is a recovery. ' +
      'An alert that is not repeated recovers half a minute after its end. If most alerts of a key are not repeated, ' +
      'they are held and a `nodata` event reports the outage. 400 lists the invalid alerts; the others are taken in. ' +
      'The webhook object of KubeSphere is taken in too. Over a quota the answer is 503.',
    aliases: [{ path: '/api/v2/alerts', operationId: 'postAlertmanagerApi' }],
    answer: 'empty',
    overQuota: 503,
  },
});
