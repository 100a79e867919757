import { EXAMPLE_ALERT } from '../kit/example-alert.js';
import { readWebhook, webhook } from '../kit/webhook.js';
import { WEBHOOK_HTTP } from '../kit/webhook-http.js';
import { defineSource } from '../source.js';

/** Alertmanager's webhook, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager = defineSource({
  type: 'alertmanager',
  payload: webhook,
  example: {
    version: '4',
    status: 'firing',
    receiver: 'tocsin',
    alerts: [{ status: 'firing', ...EXAMPLE_ALERT, endsAt: '0001-01-01T00:00:00Z' }],
  },
  read: ({ body }) => readWebhook(body),
  http: {
    ...WEBHOOK_HTTP,
    operations: {
      POST: {
        summary: "Takes in alerts of Alertmanager's webhook, version 4",
        operationId: 'postAlertmanagerWebhooks',
      },
    },
  },
});
