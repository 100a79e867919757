import { z } from 'zod';
import { alertEventSchema } from '#libs/contracts';
import { ALERTS_MAX } from '#libs/sources';
import { intakeAnswer } from './ingest.schemas.js';

/** What is read of foreign payloads, for the description of the API; they are checked where they are read. */
const texts = z.record(z.string(), z.string());
const time = z.iso.datetime({ offset: true }).nullish();

const postedAlert = z
  .object({
    labels: texts.describe('at least one that is not empty; `alertname` is the policy'),
    annotations: texts.nullish(),
    startsAt: time,
    endsAt: time.describe('until when it fires, if it is not repeated; in the past: since when it does not'),
    generatorURL: z.string().nullish(),
  })
  .loose()
  .meta({ id: 'PostedAlert' });

const webhookAlert = z
  .object({
    status: z.enum(['firing', 'resolved']),
    labels: texts.describe('at least one that is not empty; `alertname` is the policy'),
    annotations: texts.nullish(),
    startsAt: time,
    endsAt: time,
    generatorURL: z.string().nullish(),
    panelURL: z.string().nullish().describe("Grafana's; the event's url before the two others"),
    dashboardURL: z.string().nullish(),
    values: z.record(z.string(), z.unknown()).nullish().describe("Grafana's; taken where it holds one number only"),
  })
  .loose()
  .meta({ id: 'WebhookAlert' });

export const webhookBody = z
  .object({ alerts: z.array(webhookAlert).max(ALERTS_MAX).nullable(), truncatedAlerts: z.int().nullish() })
  .loose()
  .meta({ id: 'AlertWebhook' });

export const postedAlerts = z.union([z.array(postedAlert).max(ALERTS_MAX), webhookBody]);

export const webhookAnswer = intakeAnswer
  .extend({
    truncatedAlerts: z.int().min(1).optional().describe('alerts that the sender left out by its own settings'),
  })
  .meta({ id: 'WebhookReport' });

const cloudEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.string().min(1),
    time,
    datacontenttype: z.string().nullish().describe('a JSON type'),
    data: alertEventSchema.optional().describe('the event; its own `id` does not count'),
    data_base64: z.base64().optional().describe('the same as JSON in base64'),
  })
  .loose()
  .meta({ id: 'CloudEvent' });

export const cloudEventBody = z.union([cloudEvent, z.array(cloudEvent).max(ALERTS_MAX)]);

const labels = { alertname: 'HighLoad', instance: 'db1:9100', job: 'node', severity: 'critical' };
const annotations = { summary: 'Load of db1 above 20', description: 'for 10 minutes' };
const generatorURL = 'http://prometheus:9090/graph?g0.expr=node_load5+%3E+20';
const startsAt = '2026-11-20T08:00:00Z';

export const postedAlertsExample = [{ labels, annotations, startsAt, endsAt: '2026-11-20T08:04:00Z', generatorURL }];

export const alertmanagerExample = {
  version: '4',
  status: 'firing',
  receiver: 'tocsin',
  alerts: [{ status: 'firing', labels, annotations, startsAt, endsAt: '0001-01-01T00:00:00Z', generatorURL }],
};

export const grafanaExample = {
  version: '1',
  status: 'resolved',
  receiver: 'tocsin',
  alerts: [
    {
      status: 'resolved',
      labels,
      annotations,
      startsAt,
      endsAt: '2026-11-20T08:10:00Z',
      generatorURL: 'https://grafana.example/alerting/grafana/a1/view',
      panelURL: 'https://grafana.example/d/load?viewPanel=2',
      values: { B: 3.5 },
    },
  ],
};

export const cloudEventExample = {
  specversion: '1.0',
  id: '7f3c',
  source: '/monitor/gz',
  type: 'example.alert',
  time: startsAt,
  data: { policy: 'cpu-high', object: 'host-42', level: 'fatal', title: 'CPU above 90 % on host-42' },
};
