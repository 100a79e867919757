import { EXAMPLE_ALERT } from '../kit/example-alert.js';
import { readWebhook, webhook } from '../kit/webhook.js';
import { WEBHOOK_HTTP } from '../kit/webhook-http.js';
import { defineSource } from '../source.js';

/**
 * Grafana's webhook contact point, which is set to POST or PUT:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana = defineSource({
  type: 'grafana',
  payload: webhook,
  example: {
    version: '1',
    status: 'resolved',
    receiver: 'tocsin',
    alerts: [
      {
        status: 'resolved',
        ...EXAMPLE_ALERT,
        endsAt: '2026-11-20T08:10:00Z',
        generatorURL: 'https://grafana.example/alerting/grafana/a1/view',
        panelURL: 'https://grafana.example/d/load?viewPanel=2',
        values: { B: 3.5 },
      },
    ],
  },
  read: ({ body }) => readWebhook(body),
  http: {
    ...WEBHOOK_HTTP,
    operations: {
      POST: { summary: "Takes in alerts of Grafana's webhook", operationId: 'postGrafanaWebhooks' },
      PUT: {
        summary: "Takes in alerts of Grafana's webhook, if Grafana is set to PUT",
        operationId: 'putGrafanaWebhooks',
      },
    },
  },
});
