import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '#libs/contracts';
import { BrokerStandIn, type BrokerStandInOptions, type KafkaError } from '../../../kafka/test/broker-stand-in.js';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import { createTestIo, TEST_NOW, type TestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { kafka } from './index.js';

const LOGIN = { username: 'alerts', password: 'hunter22' };
const SASL = { mechanism: 'plain', ...LOGIN };

const brokers: BrokerStandIn[] = [];
const ways: TestIo[] = [];
afterEach(async () => {
  await Promise.all(ways.splice(0).map((way) => way.close()));
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
});

async function start(options: BrokerStandInOptions = {}): Promise<BrokerStandIn> {
  const broker = await BrokerStandIn.start(options);
  brokers.push(broker);
  return broker;
}

type Changes = Parameters<typeof testMessage>[1];

/** Sends as the settings say; each sender has clients of its own. */
function sender(port: number, settings: object = {}, { deny = [] as string[], host = '127.0.0.1' } = {}) {
  const way = createTestIo({ deny });
  ways.push(way);
  const config = kafka.config.parse({ brokers: `${host}:${port}`, topic: 'alerts', ...settings });
  return (changes: Changes = {}, signal?: AbortSignal): Promise<Outcome> =>
    kafka.send(testMessage(kafka, changes), { config, target: { id: 'topic', label: '' } }, way.io(signal));
}

const named = (count: number, changes: Changes = {}) =>
  Array.from({ length: count }, (_, index) => ({
    ...changes,
    deliveryId: `delivery-${index}`,
    // Of the key; in this turn, which threads that render are not.
    render: async () => `o${index}`,
  }));

describe('a record', () => {
  it('is the content under the key, and names its delivery and level in headers', async () => {
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

  it('has the key that its template says, and is of the same partition as others of that key', async () => {
    const broker = await start();
    const send = sender(broker.port, { key: '{{ labels.region }}' });
    for (const object of ['a', 'b', 'c', 'd', 'e']) await send({ deliveryId: object, event: { object } });
    expect(new Set(broker.records.map(({ key, partition }) => `${key} ${partition}`)).size).toBe(1);
    expect(broker.records[0]?.key).toBe('gz');
  });

  it.each([
    ['firing', { level: 'fatal', startsAt: '2026-11-20T07:00:00Z' }, Date.parse('2026-11-20T07:00:00Z')],
    [
      'recovered',
      { level: 'recovered', startsAt: '2026-11-20T06:00:00Z', endsAt: '2026-11-20T07:00:00Z' },
      Date.parse('2026-11-20T07:00:00Z'),
    ],
    ['without a time', { level: 'fatal' }, TEST_NOW.getTime()],
    ['in the future', { level: 'fatal', startsAt: '2026-11-20T08:00:01Z' }, TEST_NOW.getTime()],
    ['older than topics may keep', { level: 'fatal', startsAt: '2026-11-01T08:00:00Z' }, TEST_NOW.getTime()],
  ] as const)('that is %s is dated so', async (_, event, timestamp) => {
    const broker = await start();
    await sender(broker.port)({ event });
    expect(broker.records[0]?.timestamp).toBe(timestamp);
  });
});

describe('records sent at once', () => {
  it('go out together, one batch for each partition, and each is told where it stands', async () => {
    const broker = await start();
    const send = sender(broker.port, { key: '{{ object }}' });
    await send();
    const outcomes = await Promise.all(named(200).map((changes) => send(changes)));
    expect(new Set(outcomes.map(({ excerpt }) => excerpt)).size).toBe(200);
    expect(broker.records).toHaveLength(201);
    expect(broker.batches.slice(1)).toHaveLength(4);
    expect(broker.connections).toBe(1);
    const placed = new Map(broker.records.map((record) => [record.headers['delivery-id'], record.partition]));
    for (const [index, { excerpt }] of outcomes.entries()) {
      expect(excerpt).toContain(`partition ${placed.get(`delivery-${index}`)},`);
    }
  });

  it('go out before anything is known of the topic, too', async () => {
    const broker = await start();
    const send = sender(broker.port);
    const outcomes = await Promise.all(named(50).map((changes) => send(changes)));
    expect(outcomes.filter(({ kind }) => kind !== 'delivered')).toEqual([]);
    expect(broker.records).toHaveLength(50);
  });

  it('are never more than a broker takes in one batch', async () => {
    const broker = await start({ partitions: 1 });
    const bytes: number[] = [];
    broker.onProduce = (records) => {
      bytes.push(records.reduce((sum, { value }) => sum + value.length, 0));
      return 'NONE';
    };
    const send = sender(broker.port);
    await send();
    await Promise.all(named(30, { content: 'x'.repeat(100_000) }).map((changes) => send(changes)));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(524_288);
    expect(broker.records).toHaveLength(31);
  });

  it.each(['MESSAGE_TOO_LARGE', 'INVALID_RECORD'] as const)('do not pay for one that is refused: %s', async (error) => {
    const broker = await start({ partitions: 1 });
    broker.onProduce = (records) => (records.some(({ value }) => value === 'bad') ? error : 'NONE');
    const send = sender(broker.port);
    await send();
    const all = named(20).map((changes, index) => send({ ...changes, content: index === 7 ? 'bad' : '{}' }));
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds).toEqual(kinds.map((_, index) => (index === 7 ? 'rejected' : 'delivered')));
    expect(broker.records).toHaveLength(20);
    expect(broker.connections).toBe(1);
  });

  it('whose leader is another by now fail as one, and the next go by what the cluster says then', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    broker.onProduce = () => 'NOT_LEADER_FOR_PARTITION';
    const failed = await Promise.all(named(20).map((changes) => send(changes)));
    for (const outcome of failed)
      expect(outcome).toMatchObject({ kind: 'unavailable', code: 'NOT_LEADER_FOR_PARTITION' });
    broker.onProduce = () => 'NONE';
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(broker.connections).toBe(2);
  });
});

describe('what a broker says of a record', () => {
  it.each<[KafkaError, string, RegExp]>([
    ['MESSAGE_TOO_LARGE', 'rejected', /larger than the topic takes \(max\.message\.bytes\)/],
    ['RECORD_LIST_TOO_LARGE', 'rejected', /larger than a segment/],
    ['INVALID_TIMESTAMP', 'rejected', /time of the record/],
    ['INVALID_RECORD', 'rejected', /invalid/],
    ['POLICY_VIOLATION', 'rejected', /policy/],
    ['TOPIC_AUTHORIZATION_FAILED', 'misconfigured', /may not write to the topic alerts/],
    ['CLUSTER_AUTHORIZATION_FAILED', 'misconfigured', /may not use the cluster/],
    ['INVALID_TOPIC_EXCEPTION', 'misconfigured', /alerts is no topic that can be written to/],
    ['UNSUPPORTED_VERSION', 'misconfigured', /no version/],
    ['LEADER_NOT_AVAILABLE', 'unavailable', /leadership election/],
    ['NOT_ENOUGH_REPLICAS', 'unavailable', /fewer in-sync replicas/],
    ['KAFKA_STORAGE_ERROR', 'unavailable', /disk error/i],
    ['OF_A_LATER_RELEASE', 'unavailable', /12345/],
    ['REQUEST_TIMED_OUT', 'unknown', /timed out/],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unknown', /fewer in-sync replicas/],
  ])('%s is %s', async (error, kind, words) => {
    const broker = await start();
    broker.onProduce = () => error;
    const code = error === 'OF_A_LATER_RELEASE' ? 'KAFKAJS_UNKNOWN_ERROR_CODE' : error;
    expect(await sender(broker.port)()).toMatchObject({ kind, code, message: expect.stringMatching(words) });
    expect(broker.records).toEqual([]);
  });

  it.each<[KafkaError, string]>([
    ['TOPIC_AUTHORIZATION_FAILED', 'misconfigured'],
    ['INVALID_TOPIC_EXCEPTION', 'misconfigured'],
    ['LEADER_NOT_AVAILABLE', 'unavailable'],
  ])('%s of its topic is %s', async (error, kind) => {
    const broker = await start();
    broker.onMetadata = () => error;
    expect(await sender(broker.port)()).toMatchObject({ kind, code: error });
  });
});

describe('a topic that is not there', () => {
  it('is asked for once more, and then named, for all that wait', async () => {
    const broker = await start();
    const send = sender(broker.port, { topic: 'missing' });
    for (const outcome of await Promise.all(named(20).map((changes) => send(changes)))) {
      expect(outcome).toEqual({
        kind: 'misconfigured',
        code: 'UNKNOWN_TOPIC_OR_PARTITION',
        message: 'the topic missing does not exist, and is not made automatically',
      });
    }
    expect(broker.connections).toBe(2);
    expect(broker.complaints).toEqual([]);
  });

  it('may have been made a moment ago', async () => {
    const broker = await start();
    let unknown = 1;
    broker.onMetadata = () => (unknown-- > 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE');
    expect(await sender(broker.port)()).toMatchObject({ kind: 'delivered' });
  });

  it('may have been made anew under a client that knew it', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    let unknown = 1;
    broker.onProduce = () => (unknown-- > 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE');
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(broker.records).toHaveLength(2);
  });
});

describe('a login', () => {
  it('comes before everything else', async () => {
    const broker = await start({ login: LOGIN });
    expect(await sender(broker.port, { sasl: SASL })()).toMatchObject({ kind: 'delivered' });
    expect(broker.complaints).toEqual([]);
  });

  it('that is refused is a matter of settings, in the words of the broker', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port, { sasl: { ...SASL, password: 'not-the-password' } })();
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      code: 'SASL_AUTHENTICATION_FAILED',
      message: expect.stringContaining('Invalid username or password'),
    });
  });

  it('of a kind that the broker does not offer is a matter of settings', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port, { sasl: { ...SASL, mechanism: 'scram-sha-512' } })();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'UNSUPPORTED_SASL_MECHANISM' });
  });

  it('where none is taken is a matter of settings', async () => {
    const broker = await start();
    const outcome = await sender(broker.port, { sasl: SASL })();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'ILLEGAL_SASL_STATE' });
  });

  it('that is missing is told as what a broker makes of it: it closes the connection', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port)();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'CLOSED', message: expect.stringContaining('login') });
  });

  it('that is another belongs to another client', async () => {
    const broker = await start({ login: LOGIN });
    const way = createTestIo();
    ways.push(way);
    const send = (password: string) => {
      const sasl = { ...SASL, password };
      const config = kafka.config.parse({ brokers: `127.0.0.1:${broker.port}`, topic: 'alerts', sasl });
      return kafka.send(testMessage(kafka), { config, target: { id: 'topic', label: '' } }, way.io());
    };
    expect(await send(LOGIN.password)).toMatchObject({ kind: 'delivered' });
    expect(await send('wrong')).toMatchObject({ kind: 'misconfigured' });
    expect(await send(LOGIN.password)).toMatchObject({ kind: 'delivered' });
  });
});

describe('TLS', () => {
  it('goes by the authority of the settings', async () => {
    const broker = await start({ tls: SERVER });
    const send = sender(broker.port, { tls: true, caCert: AUTHORITY });
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });

  it('is not spoken with a certificate that nobody vouches for', async () => {
    const broker = await start({ tls: SERVER });
    expect(await sender(broker.port, { tls: true })()).toMatchObject({
      kind: 'unavailable',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      message: expect.stringContaining('caCert'),
    });
    expect(broker.batches).toEqual([]);
  });

  it('is not spoken with the certificate of another host', async () => {
    const broker = await start({ tls: SERVER, host: '127.0.0.2' });
    const send = sender(broker.port, { tls: true, caCert: AUTHORITY }, { host: '127.0.0.2' });
    expect(await send()).toMatchObject({ kind: 'unavailable', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});

describe('addresses that may not be reached', () => {
  it.each(['127.0.0.1', 'localhost'])('are not connected to as the first broker, by %s', async (host) => {
    const broker = await start();
    const send = sender(broker.port, {}, { deny: ['127.0.0.0/8', '::1/128'], host });
    expect(await send()).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expect(broker.connections).toBe(0);
  });

  it.each(['127.0.0.2', 'localhost'])('are not connected to because a cluster names %s as a broker', async (host) => {
    let seen = 0;
    const listener = createServer(() => seen++);
    await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
    const { port } = listener.address() as { port: number };
    const hostile = await start({ host: '127.0.0.3', advertised: { host, port } });
    const send = sender(hostile.port, {}, { deny: ['127.0.0.1/32', '127.0.0.2/32', '::1/128'], host: '127.0.0.3' });
    expect(await send()).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expect(hostile.connections).toBeGreaterThan(0);
    expect(seen).toBe(0);
    await new Promise((resolve) => listener.close(resolve));
  });
});

describe('a broker', () => {
  it('that is away is found out about, and found again when it is back', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    const { port } = broker;
    await broker.stop();
    brokers.pop();
    for (const outcome of await Promise.all(named(10).map((changes) => send(changes)))) {
      expect(outcome).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    }
    const back = await start({ port });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(back.records).toHaveLength(1);
  });

  it('that is not the first of those named is asked when the first is away', async () => {
    const broker = await start();
    const send = sender(0, { brokers: ['127.0.0.1:1', `127.0.0.1:${broker.port}`] });
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });

  it('that closes a connection nobody uses costs nothing', async () => {
    const broker = await start();
    const send = sender(broker.port);
    for (let n = 0; n < 3; n++) {
      expect(await send()).toMatchObject({ kind: 'delivered' });
      broker.drop();
      await sleep(20);
    }
  });

  it('that goes away with the records may have them', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    broker.onProduce = () => 'close';
    expect(await send()).toMatchObject({ kind: 'unknown', code: 'CLOSED' });
    broker.onProduce = () => 'NONE';
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });
});

describe('when the process gives up', () => {
  it.each<[string, Partial<BrokerStandIn>, string]>([
    ['records that have left may have arrived', { onProduce: () => 'hang' }, 'unknown'],
    ['those before the topic is known have not', { onMetadata: () => 'hang' }, 'unavailable'],
    ['nor have those before the login', { onLogin: 'hang' }, 'unavailable'],
  ])('%s', async (_, behaviour, kind) => {
    const broker = await start({ login: LOGIN });
    Object.assign(broker, behaviour);
    const ending = new AbortController();
    const send = sender(broker.port, { sasl: SASL });
    const sending = named(3).map((changes) => send(changes, ending.signal));
    await expect.poll(() => broker.batches.length + broker.connections).toBeGreaterThan(kind === 'unknown' ? 1 : 0);
    ending.abort();
    const [first, ...others] = await Promise.all(sending);
    expect(first).toMatchObject({ kind, code: 'ABORTED' });
    for (const outcome of others) expect(outcome.code).toBe('ABORTED');
  });

  it('nothing is begun any more', async () => {
    const broker = await start();
    expect(await sender(broker.port)({}, AbortSignal.abort())).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
    expect(broker.connections).toBe(0);
  });

  it('what is under way comes to its end before connections are closed', async () => {
    const broker = await start();
    const send = sender(broker.port);
    const sending = named(20).map((changes) => send(changes));
    await ways[0]?.close();
    for (const outcome of await Promise.all(sending)) expect(outcome).toMatchObject({ kind: 'delivered' });
    await broker.stop();
    brokers.pop();
  });
});
