import { describe, expect, it } from 'vitest';
import type { BrokerStandIn, KafkaError } from '../../../kafka/test/broker-stand-in.js';
import { kafkaSenders, LOGIN, messages, SASL } from '../../test/kafka-sender.js';
import { TEST_NOW } from '../../test/test-io.js';

const { start, stop, sender, closeConnections } = kafkaSenders();

describe('a record', () => {
  it('has the content and key of the message, and its delivery id and level in headers', async () => {
    const broker = await start();
    const send = sender(broker.port);
    const event = { startsAt: '2026-11-20T07:30:00Z' };
    expect(await send({ deliveryId: 'delivery-1', content: '温度 not JSON', event })).toEqual({
      kind: 'delivered',
      excerpt: expect.stringMatching(/^topic alerts, partition \d, offset 0$/),
    });
    expect(broker.records).toMatchObject([
      {
        topic: 'alerts',
        key: 'cpu-high|host-42',
        value: '温度 not JSON',
        headers: { 'delivery-id': 'delivery-1', level: 'fatal', 'content-type': 'application/json' },
        timestamp: Date.parse('2026-11-20T07:30:00Z'),
      },
    ]);
    expect(broker.complaints).toEqual([]);
  });

  it('has the key of its template, and the same partition as other records of that key', async () => {
    const broker = await start();
    const send = sender(broker.port, { key: '{{ labels.region }}' });
    for (const object of ['a', 'b', 'c', 'd', 'e']) await send({ deliveryId: object, event: { object } });
    expect(new Set(broker.records.map(({ key, partition }) => `${key} ${partition}`)).size).toBe(1);
    expect(broker.records[0]?.key).toBe('gz');
  });

  it.each([
    ['of a firing', { level: 'fatal', startsAt: '2026-11-20T07:00:00Z' }, Date.parse('2026-11-20T07:00:00Z')],
    [
      'of a recovery',
      { level: 'recovered', startsAt: '2026-11-20T06:00:00Z', endsAt: '2026-11-20T07:00:00Z' },
      Date.parse('2026-11-20T07:00:00Z'),
    ],
    ['of an event without a time', { level: 'fatal' }, TEST_NOW.getTime()],
    ['of an event in the future', { level: 'fatal', startsAt: '2026-11-20T08:00:01Z' }, TEST_NOW.getTime()],
    ['of an event older than a day', { level: 'fatal', startsAt: '2026-11-01T08:00:00Z' }, TEST_NOW.getTime()],
  ] as const)('%s has a timestamp that the topic accepts', async (_, event, timestamp) => {
    const broker = await start();
    await sender(broker.port)({ event });
    expect(broker.records[0]?.timestamp).toBe(timestamp);
  });
});

describe('records sent at once', () => {
  it('form one batch for each partition, and each gets its own position', async () => {
    const broker = await start();
    const send = sender(broker.port, { key: '{{ object }}' });
    await send();
    const outcomes = await Promise.all(messages(200).map((changes) => send(changes)));
    expect(new Set(outcomes.map(({ excerpt }) => excerpt)).size).toBe(200);
    expect(broker.records).toHaveLength(201);
    expect(broker.batches.slice(1)).toHaveLength(4);
    expect(broker.connections).toBe(1);
    const partitions = new Map(broker.records.map((record) => [record.headers['delivery-id'], record.partition]));
    for (const [index, { excerpt }] of outcomes.entries()) {
      expect(excerpt).toContain(`partition ${partitions.get(`delivery-${index}`)},`);
    }
  });

  it('are delivered before the partitions of the topic are known, too', async () => {
    const broker = await start();
    const send = sender(broker.port);
    const outcomes = await Promise.all(messages(50).map((changes) => send(changes)));
    expect(outcomes.filter(({ kind }) => kind !== 'delivered')).toEqual([]);
    expect(broker.records).toHaveLength(50);
  });

  it('never exceed the size that a broker accepts in one batch', async () => {
    const broker = await start({ partitions: 1 });
    const bytes: number[] = [];
    broker.onProduce = (records) => {
      bytes.push(records.reduce((sum, { value }) => sum + value.length, 0));
      return 'NONE';
    };
    const send = sender(broker.port);
    await send();
    await Promise.all(messages(30, { content: 'x'.repeat(100_000) }).map((changes) => send(changes)));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(524_288);
    expect(broker.records).toHaveLength(31);
  });

  it.each(['MESSAGE_TOO_LARGE', 'INVALID_RECORD'] as const)(
    'are delivered although the broker refuses one of them: %s',
    async (error) => {
      const broker = await start({ partitions: 1 });
      broker.onProduce = (records) => (records.some(({ value }) => value === 'bad') ? error : 'NONE');
      const send = sender(broker.port);
      await send();
      const all = messages(20).map((changes, index) => send({ ...changes, content: index === 7 ? 'bad' : '{}' }));
      const kinds = (await Promise.all(all)).map(({ kind }) => kind);
      expect(kinds).toEqual(kinds.map((_, index) => (index === 7 ? 'rejected' : 'delivered')));
      expect(broker.records).toHaveLength(20);
      expect(broker.connections).toBe(1);
    },
  );

  it('fail together when their leader has changed, and the next records go to the new leader', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    broker.onProduce = () => 'NOT_LEADER_FOR_PARTITION';
    const failed = await Promise.all(messages(20).map((changes) => send(changes)));
    for (const outcome of failed)
      expect(outcome).toMatchObject({ kind: 'unavailable', code: 'NOT_LEADER_FOR_PARTITION' });
    broker.onProduce = () => 'NONE';
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(broker.connections).toBe(2);
  });
});

describe('the error code of a broker', () => {
  it.each<[KafkaError, string, RegExp]>([
    ['MESSAGE_TOO_LARGE', 'rejected', /larger than the topic allows \(max\.message\.bytes\)/],
    ['RECORD_LIST_TOO_LARGE', 'rejected', /larger than a segment/],
    ['INVALID_TIMESTAMP', 'rejected', /timestamp of the record/],
    ['INVALID_RECORD', 'rejected', /invalid/],
    ['POLICY_VIOLATION', 'rejected', /policy/],
    ['TOPIC_AUTHORIZATION_FAILED', 'misconfigured', /may not write to the topic alerts/],
    ['CLUSTER_AUTHORIZATION_FAILED', 'misconfigured', /may not use the cluster/],
    ['INVALID_TOPIC_EXCEPTION', 'misconfigured', /alerts is not a topic that clients can write to/],
    ['UNSUPPORTED_VERSION', 'misconfigured', /no protocol version/],
    ['LEADER_NOT_AVAILABLE', 'unavailable', /leadership election/],
    ['NOT_ENOUGH_REPLICAS', 'unavailable', /fewer in-sync replicas/],
    ['KAFKA_STORAGE_ERROR', 'unavailable', /disk error/i],
    ['OF_A_LATER_RELEASE', 'unavailable', /12345/],
    ['REQUEST_TIMED_OUT', 'unknown', /timed out/],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unknown', /fewer in-sync replicas/],
  ])('%s for a record is %s', async (error, kind, message) => {
    const broker = await start();
    broker.onProduce = () => error;
    const code = error === 'OF_A_LATER_RELEASE' ? 'KAFKAJS_UNKNOWN_ERROR_CODE' : error;
    expect(await sender(broker.port)()).toMatchObject({ kind, code, message: expect.stringMatching(message) });
    expect(broker.records).toEqual([]);
  });

  it.each<[KafkaError, string]>([
    ['TOPIC_AUTHORIZATION_FAILED', 'misconfigured'],
    ['INVALID_TOPIC_EXCEPTION', 'misconfigured'],
    ['LEADER_NOT_AVAILABLE', 'unavailable'],
  ])('%s for the topic is %s', async (error, kind) => {
    const broker = await start();
    broker.onMetadata = () => error;
    expect(await sender(broker.port)()).toMatchObject({ kind, code: error });
  });
});

describe('a topic that does not exist', () => {
  it('is looked up a second time, and then reported for every record that waits', async () => {
    const broker = await start();
    const send = sender(broker.port, { topic: 'missing' });
    for (const outcome of await Promise.all(messages(20).map((changes) => send(changes)))) {
      expect(outcome).toEqual({
        kind: 'misconfigured',
        code: 'UNKNOWN_TOPIC_OR_PARTITION',
        message: 'the topic missing does not exist and is not created automatically',
      });
    }
    expect(broker.connections).toBe(2);
    expect(broker.complaints).toEqual([]);
  });

  it('is found by the second lookup if it was created a moment ago', async () => {
    const broker = await start();
    let unknown = 1;
    broker.onMetadata = () => (unknown-- > 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE');
    expect(await sender(broker.port)()).toMatchObject({ kind: 'delivered' });
  });

  it('is found again if it was deleted and recreated', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    let unknown = 1;
    broker.onProduce = () => (unknown-- > 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE');
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(broker.records).toHaveLength(2);
  });
});

describe('when the process stops waiting', () => {
  it.each<[string, Partial<BrokerStandIn>, string]>([
    ['records in flight may have arrived', { onProduce: () => 'hang' }, 'unknown'],
    ['records that wait for the metadata have not arrived', { onMetadata: () => 'hang' }, 'unavailable'],
    ['records that wait for the login have not arrived', { onLogin: 'hang' }, 'unavailable'],
  ])('%s', async (_, behaviour, kind) => {
    const broker = await start({ login: LOGIN });
    Object.assign(broker, behaviour);
    const ending = new AbortController();
    const send = sender(broker.port, { sasl: SASL });
    const sending = messages(3).map((changes) => send(changes, ending.signal));
    await expect.poll(() => broker.batches.length + broker.connections).toBeGreaterThan(kind === 'unknown' ? 1 : 0);
    ending.abort();
    const [first, ...others] = await Promise.all(sending);
    expect(first).toMatchObject({ kind, code: 'ABORTED' });
    for (const outcome of others) expect(outcome.code).toBe('ABORTED');
  });

  it('no connection is opened', async () => {
    const broker = await start();
    expect(await sender(broker.port)({}, AbortSignal.abort())).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
    expect(broker.connections).toBe(0);
  });

  it('records in flight are confirmed before connections are closed', async () => {
    const broker = await start();
    const send = sender(broker.port);
    const sending = messages(20).map((changes) => send(changes));
    await closeConnections();
    for (const outcome of await Promise.all(sending)) expect(outcome).toMatchObject({ kind: 'delivered' });
    await stop(broker);
  });
});
