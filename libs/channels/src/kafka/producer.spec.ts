import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { KafkaStandIn } from '../../test/kafka-broker.js';
import { KafkaClient } from './client.js';
import { classify, type ProduceFailure } from './failure.js';
import { KafkaProducer } from './producer.js';
import type { KafkaRecord } from './record.js';

let broker: KafkaStandIn;
let producer: KafkaProducer;
beforeAll(async () => {
  broker = await KafkaStandIn.start();
});
beforeEach(() => {
  Object.assign(broker, { onProduce: () => 'NONE', onMetadata: () => 'NONE' });
  producer?.close();
  producer = new KafkaProducer(
    (onPartitions) =>
      new KafkaClient({
        brokers: [`127.0.0.1:${broker.port}`],
        topic: 'alerts',
        connect: async (host, port) => connect({ host, port }),
        onPartitions,
      }),
  );
});
afterAll(async () => {
  producer.close();
  await broker.stop();
});

const record = (id: string): KafkaRecord => ({
  id,
  key: id,
  value: '{}',
  headers: { 'delivery-id': id },
  timestamp: '1',
});
const outcome = (sending: Promise<unknown>) =>
  sending.then(
    () => ({ kind: 'delivered' }),
    (failure: ProduceFailure) => classify(failure, 'alerts'),
  );
const send = (id: string, timeoutMs = 10_000) =>
  outcome(producer.send(record(id), { timeoutMs, signal: new AbortController().signal }));

it.each([
  ['with the records', { onProduce: () => 'hang' as const }, 'unknown'],
  ['when it is asked for the topic', { onMetadata: () => 'hang' as const }, 'unavailable'],
])('a broker that keeps silent %s is waited for no longer than is asked, and left', async (_, silence, kind) => {
  Object.assign(broker, silence);
  expect(await send('first', 150)).toMatchObject({ kind, code: 'TIMEOUT' });
  Object.assign(broker, { onProduce: () => 'NONE', onMetadata: () => 'NONE' });
  expect(await send('second')).toEqual({ kind: 'delivered' });
});

it('one that waits behind another for the topic has its own time', async () => {
  Object.assign(broker, { onMetadata: () => 'hang' });
  const [first, second] = [send('first', 400), send('second', 100)];
  expect(await second).toMatchObject({ kind: 'unavailable', code: 'TIMEOUT' });
  Object.assign(broker, { onMetadata: () => 'NONE' });
  const third = send('third');
  expect(await first).toMatchObject({ kind: 'unavailable', code: 'TIMEOUT' });
  expect(await third).toEqual({ kind: 'delivered' });
});

it('what is under way by a client that failed comes to its own end', async () => {
  expect(await send('warm')).toEqual({ kind: 'delivered' });
  let slow = 0;
  broker.onProduce = (records) =>
    records.some(({ key }) => key === 'slow') && slow++ === 0 ? 'hang' : 'NOT_ENOUGH_REPLICAS';
  const under = send('slow', 300);
  expect(await send('other')).toMatchObject({ kind: 'unavailable', code: 'NOT_ENOUGH_REPLICAS' });
  broker.onProduce = () => 'NONE';
  expect(await send('next')).toEqual({ kind: 'delivered' });
  expect(await under).toMatchObject({ kind: 'unknown', code: 'TIMEOUT' });
});

it('an idle client sets no timers', async () => {
  expect(await send('warm')).toEqual({ kind: 'delivered' });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  await sleep(200);
  // One is this test's own. As it comes, kafkajs sets one each millisecond.
  expect(timers.mock.calls.length).toBeLessThanOrEqual(1);
  timers.mockRestore();
});
