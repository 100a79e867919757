import { createHmac } from 'node:crypto';
import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { valuesOf } from '../../test/json-values.js';
import { type Behaviour, type ReceivedRequest, startReceiver } from '../../test/receiver.js';

/** From the specification: https://github.com/standard-webhooks/standard-webhooks */
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const echo = (request: ReceivedRequest): string => JSON.stringify(request);

/** A receiver that checks signatures and reads JSON. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const receiver = await startReceiver();
  const shown: string[] = [];
  const deliveryIds: string[] = [];
  const complaints: string[] = [];

  function accept(request: ReceivedRequest): string {
    complaints.push(...complaintsOf(request));
    shown.push(valuesOf(request.body));
    deliveryIds.push(String(request.headers['webhook-id']));
    return 'thanks';
  }
  const behaviours: Partial<Record<Situation, Behaviour>> = {
    delivered: { status: 200, body: accept },
    rejected: { status: 400, body: echo },
    misconfigured: { status: 401, body: echo },
    throttled: { status: 429, headers: { 'retry-after': '7' }, body: echo },
    unavailable: { status: 503, headers: { 'retry-after': 'Fri, 20 Nov 2026 08:01:30 GMT' }, body: echo },
    unknown: 'hang',
  };

  return {
    config: {
      url: `${receiver.url}/alerts?token=in-the-query`,
      headers: { Authorization: 'Bearer hunter22', 'content-type': 'application/vnd.acme+json', 'X-Key': 'k-12345678' },
      signingSecret: SIGNING_SECRET,
    },
    play: (situation) => receiver.behave(behaviours[situation] ?? 'hang'),
    shown,
    deliveryIds,
    complaints,
    close: () => receiver.stop(),
  };
}

function complaintsOf({ method, path, headers, body }: ReceivedRequest): string[] {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  const key = Buffer.from(SIGNING_SECRET.slice('whsec_'.length), 'base64');
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const wrong = {
    'the method': method !== 'POST',
    'the path': path !== '/alerts?token=in-the-query',
    'the credential': headers.authorization !== 'Bearer hunter22' || headers['x-key'] !== 'k-12345678',
    'the type': headers['content-type'] !== 'application/vnd.acme+json',
    'the time': !/^\d{10}$/.test(String(timestamp)),
    'the signature': signature !== `v1,${signed}`,
  };
  return Object.entries(wrong).flatMap(([name, isWrong]) => (isWrong ? [`${name} is wrong`] : []));
}
