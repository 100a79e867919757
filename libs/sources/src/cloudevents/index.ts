import { defineSource, type SourceHeaders } from '../source.js';
import { modes, payload, readRequest } from './read.js';

/** CloudEvents 1.0 with an alert event as data: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const cloudevents = defineSource({
  type: 'cloudevents',
  payload,
  example: {
    specversion: '1.0',
    id: '7f3c',
    source: '/monitor/gz',
    type: 'example.alert',
    time: '2026-11-20T08:00:00Z',
    data: { policy: 'cpu-high', object: 'host-42', level: 'fatal', title: 'CPU above 90 % on host-42' },
  },
  read: readRequest,
  http: {
    operations: {
      POST: {
        summary:
          'Takes in CloudEvents 1.0 with an alert event as data: structured, batched, or binary with `ce-` headers',
        operationId: 'postCloudEvents',
      },
    },
    description:
      "The event's id is made of the source and id of the CloudEvent, so that a CloudEvent that is sent again is a " +
      'duplicate. Its time is `startsAt` if the data has none, or `endsAt` of a recovery.',
    contentTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
    payloads: {
      'application/cloudevents-batch+json': modes.batched,
      'application/json': modes.binary.describe('the event in binary mode, with the attributes as `ce-` headers'),
    },
    answer: 'report',
    overQuota: 429,
    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
    handshake: {
      summary: 'Grants the requesting origin permission to send events, at any rate',
      description: 'The validation request of HTTP 1.1 Web Hooks for Event Delivery.',
      operationId: 'agreeCloudEvents',
      headers: grantOrigin,
    },
  },
});

function grantOrigin(headers: SourceHeaders): Record<string, string> {
  const origin = headers['webhook-request-origin'];
  return {
    allow: 'POST',
    ...(typeof origin === 'string' && { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' }),
  };
}
