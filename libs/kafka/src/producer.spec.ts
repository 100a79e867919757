import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { LeaseExpired, NetworkFailure } from '#libs/network';
import { BrokerStandIn } from '../test/broker-stand-in.js';
import { KafkaClient } from './kafka-client.js';
import type { ProduceFailure } from './produce-failure.js';
import { produceOutcome } from './produce-outcome.js';
import { KafkaProducer } from './producer.js';
import type { KafkaRecord } from './record.js';

let broker: BrokerStandIn;
let producer: KafkaProducer;
beforeAll(async () => {
  broker = await BrokerStandIn.start();
});
beforeEach(() => {
  refused = () => false;
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

/** Refuses a record before it is written; set by a test. */
let refused = (_id: string): boolean => false;

type Result = 'confirmed' | { code?: string | undefined; sent: boolean };

const send = (id: string, timeoutMs = 10_000, key = id): Promise<Result> =>
  producer
    .send(
      { ...record(id), key },
      {
        timeoutMs,
        signal: new AbortController().signal,
        beforeWrite() {
          if (refused(id)) throw new LeaseExpired();
        },
      },
    )
    .then(
      () => 'confirmed',
      (failure: ProduceFailure) => ({ code: codeOf(failure), sent: failure.sent }),
    );

const codeOf = (failure: ProduceFailure): string | undefined =>
  failure.cause instanceof NetworkFailure ? failure.cause.code : produceOutcome(failure, 'alerts')?.code;

it.each([
  ['a produce request', { onProduce: () => 'hang' as const }, true],
  ['a metadata request', { onMetadata: () => 'hang' as const }, false],
])('a broker that does not answer %s is abandoned at the time limit', async (_, behaviour, sent) => {
  // A connected client writes the request long before the time limit.
  if (sent) expect(await send('warm')).toBe('confirmed');
  Object.assign(broker, behaviour);
  expect(await send('first', 150)).toEqual({ code: 'TIMEOUT', sent });
  Object.assign(broker, { onProduce: () => 'NONE', onMetadata: () => 'NONE' });
  expect(await send('second')).toBe('confirmed');
});

it('a record that waits for the metadata has a time limit of its own', async () => {
  Object.assign(broker, { onMetadata: () => 'hang' });
  const [first, second] = [send('first', 400), send('second', 100)];
  expect(await second).toEqual({ code: 'TIMEOUT', sent: false });
  Object.assign(broker, { onMetadata: () => 'NONE' });
  const third = send('third');
  expect(await first).toEqual({ code: 'TIMEOUT', sent: false });
  expect(await third).toBe('confirmed');
});

it('records in flight by a client that failed still get their own result', async () => {
  expect(await send('warm')).toBe('confirmed');
  let slow = 0;
  broker.onProduce = (records) =>
    records.some(({ key }) => key === 'slow') && slow++ === 0 ? 'hang' : 'NOT_ENOUGH_REPLICAS';
  const inFlight = send('slow', 300);
  expect(await send('other')).toEqual({ code: 'NOT_ENOUGH_REPLICAS', sent: true });
  broker.onProduce = () => 'NONE';
  expect(await send('next')).toBe('confirmed');
  expect(await inFlight).toEqual({ code: 'TIMEOUT', sent: true });
});

it.each([
  ['when its batch is formed', 0],
  ['when its request is written', 1],
])('a record that is refused %s is not written, and the others of its batch are confirmed', async (_, passes) => {
  expect(await send('warm')).toBe('confirmed');
  const before = broker.records.length;
  let looks = 0;
  refused = (id) => id === 'stale' && looks++ >= passes;
  const sends = ['one', 'stale', 'two'].map((id) => send(id, 10_000, 'one key'));
  expect(await Promise.all(sends)).toEqual(['confirmed', { code: 'LEASE_EXPIRED', sent: false }, 'confirmed']);
  expect(broker.records.slice(before).map(({ headers }) => headers['delivery-id'])).toEqual(['one', 'two']);
});

it('an idle client sets no timers', async () => {
  expect(await send('warm')).toBe('confirmed');
  const timers = vi.spyOn(globalThis, 'setTimeout');
  await sleep(200);
  // One timer is of this test. An unpatched kafkajs sets one each millisecond.
  expect(timers.mock.calls.length).toBeLessThanOrEqual(1);
  timers.mockRestore();
});
