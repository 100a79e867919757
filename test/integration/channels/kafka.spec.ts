import { createPrivateKey } from 'node:crypto';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint, OutcomeRecord } from '#libs/contracts';
import { audit } from '#libs/mailbox';
import { kafka } from '../../../libs/channels/src/kafka/index.js';
import { createTestIo } from '../../../libs/channels/test/test-io.js';
import { testMessage } from '../../../libs/channels/test/test-message.js';
import { AUTHORITY, SERVER } from '../../../libs/security/test/certificates.js';
import {
  findKafkaJars,
  KAFKA_VERSION,
  type KafkaBroker,
  type KafkaJars,
  type KafkaListener,
  type KafkaTopics,
  openKafkaTopics,
  type ReadRecord,
  startKafka,
  startKafkaMock,
  startRedis,
  waitFor,
} from '../../support/index.js';
import { httpEndpoint, World } from '../delivery/world.js';

const START_MS = 240_000;
const USER = { name: 'alerts', password: 'hunter22' };
const jars = await findKafkaJars();
const which = typeof jars === 'string' ? "librdkafka's mock broker" : `Apache Kafka ${KAFKA_VERSION}`;
console.log(`kafka.spec.ts runs against ${which}${typeof jars === 'string' ? `, for ${jars}` : ''}`);

/** The functions of a cluster that the tests need, for the mock and a real one. */
interface Place {
  bootstrap: string[];
  read(topic: string): Promise<ReadRecord[]> | ReadRecord[];
}

/** Sends alerts through the whole delivery. */
function deliversAlerts(placeOf: () => Place): void {
  let world: World;
  let stopRedis: () => Promise<void>;
  beforeAll(async () => {
    const redis = await startRedis();
    stopRedis = redis.stop;
    world = new World(redis.url, 'kafka');
    await world.startWorker();
  });
  afterAll(async () => {
    await world.stop();
    await stopRedis();
  });

  it('delivers every alert once, in order per key', async () => {
    const { bootstrap, read } = placeOf();
    world.settings.set([endpointOf({ brokers: bootstrap, topic: 'ordered' })]);
    const [objects, rounds] = [40, 25];
    const sent: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const level = round % 5 === 4 ? ('recovered' as const) : ('fatal' as const);
      const events = Array.from({ length: objects }, (_, index) => ({ level, object: `o${index}`, value: round }));
      sent.push(...(await world.post(events)));
    }
    await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 20_000, what: 'all delivered' });
    await waitFor(async () => (await read('ordered')).length >= objects * rounds, { what: 'all that were sent' });
    const records = await read('ordered');
    expect(records.map(({ headers }) => headers['delivery-id']).sort()).toEqual(sent.sort());
    for (let index = 0; index < objects; index++) {
      const own = records.filter(({ key }) => key === `p|o${index}`);
      expect(own.map(({ value }) => JSON.parse(value).value)).toEqual(Array.from({ length: rounds }, (_, n) => n));
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
    }
    const [first] = records;
    expect(JSON.parse(first?.value ?? '')).toMatchObject({ policy: 'p', level: expect.any(String), team: 'default' });
    expect(first?.headers).toMatchObject({ level: expect.any(String), 'content-type': 'application/json' });
    expect(await audit(world.redis)).toMatchObject({ pending: 0, imbalance: 0 });
  });
}

const endpointOf = (settings: object): Endpoint => ({
  ...httpEndpoint('http://127.0.0.1:9/'),
  channel: 'kafka',
  config: kafka.config.parse(settings) as Record<string, unknown>,
});

describe(which, () => {
  if (typeof jars === 'string') {
    let mock: Awaited<ReturnType<typeof startKafkaMock>>;
    beforeAll(async () => {
      mock = await startKafkaMock('ordered');
    }, START_MS);
    afterAll(() => mock?.stop());
    deliversAlerts(() => mock);
  } else {
    realKafka(jars);
  }
});

function realKafka(found: KafkaJars): void {
  let cluster: Awaited<ReturnType<typeof startKafka>>;
  let topics: KafkaTopics;
  beforeAll(async () => {
    const key = String(createPrivateKey(SERVER.key).export({ type: 'pkcs8', format: 'pem' }));
    cluster = await startKafka({ jars: found, brokers: 2, certificate: { cert: SERVER.cert, key }, user: USER });
    topics = await openKafkaTopics(cluster.bootstrap());
    const on = (topic: string, ...replicas: number[]) => ({ topic, replicaAssignment: [{ partition: 0, replicas }] });
    await topics.create([
      { topic: 'ordered', numPartitions: 6, replicationFactor: 2 },
      { topic: 'alerts', numPartitions: 4, replicationFactor: 2 },
      { topic: 'private', numPartitions: 1 },
      { ...on('small', 1), configEntries: [{ name: 'max.message.bytes', value: '2000' }] },
      on('of-one', 1),
      on('of-two', 2),
      on('of-both', 2, 1),
    ]);
    await topics.admin.createAcls({
      acl: [
        {
          resourceType: AclResourceTypes.TOPIC,
          resourceName: 'private',
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: 'User:somebody-else',
          host: '*',
          operation: AclOperationTypes.ALL,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
  }, START_MS);
  afterAll(async () => {
    await topics?.close();
    await cluster?.stop();
  });

  let testIo = createTestIo();
  afterEach(async () => {
    await testIo.close();
    testIo = createTestIo();
  });

  function send(settings: object, changes: Parameters<typeof testMessage>[1] = {}) {
    const config = kafka.config.parse({ brokers: cluster.bootstrap(), topic: 'alerts', ...settings });
    const io = testIo.io(undefined, new Date());
    return kafka.send(testMessage(kafka, changes), { config, target: { id: 'topic', label: '' } }, io);
  }

  const second = (): KafkaBroker => cluster.brokers[1] ?? expect.unreachable('there is no second broker');

  deliversAlerts(() => ({ bootstrap: cluster.bootstrap(), read: topics.read }));

  describe.each<KafkaListener>(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'])('by %s', (listener) => {
    const settings = () => ({
      brokers: cluster.bootstrap(listener),
      ...(listener.endsWith('SSL') && { tls: true, caCert: AUTHORITY }),
    });
    const mechanisms = listener.startsWith('SASL') ? ['plain', 'scram-sha-256', 'scram-sha-512'] : [undefined];

    it.each(mechanisms)('records are stored, with the login %s', async (mechanism) => {
      const sasl = mechanism && { mechanism, username: USER.name, password: USER.password };
      const outcome = await send({ ...settings(), sasl });
      expect(outcome).toEqual({ kind: 'delivered', excerpt: expect.stringMatching(/^topic alerts, partition \d/) });
    });

    it.each(mechanisms.filter((one) => one !== undefined))(
      'a wrong password is refused in its words, with %s',
      async (mechanism) => {
        const sasl = { mechanism, username: USER.name, password: 'not-the-password' };
        const outcome = await send({ ...settings(), sasl });
        expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'SASL_AUTHENTICATION_FAILED' });
        expect(outcome.message).toMatch(/Invalid username or password|invalid credentials/);
        expect(JSON.stringify(outcome)).not.toContain('not-the-password');
      },
    );
  });

  it('does not create a missing topic, and reports it', async () => {
    expect(await send({ topic: 'missing' })).toEqual({
      kind: 'misconfigured',
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: 'the topic missing does not exist and is not created automatically',
    });
    expect(await topics.admin.listTopics()).not.toContain('missing');
  });

  it('reports a user without permission to write to a topic', async () => {
    const sasl = { mechanism: 'plain', username: USER.name, password: USER.password };
    const outcome = await send({ brokers: cluster.bootstrap('SASL_PLAINTEXT'), sasl, topic: 'private' });
    expect(outcome.kind).toBe('misconfigured');
    expect(outcome.code).toMatch(/^(TOPIC_AUTHORIZATION_FAILED|UNKNOWN_TOPIC_OR_PARTITION)$/);
  });

  it('rejects a record that is too large, and stores those sent with it', async () => {
    expect(await send({ topic: 'small' }, { content: '{}' })).toMatchObject({ kind: 'delivered' });
    const all = Array.from({ length: 10 }, (_, index) =>
      send({ topic: 'small' }, { deliveryId: `small-${index}`, content: index === 4 ? 'x'.repeat(5_000) : '{}' }),
    );
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds).toEqual(kinds.map((_, index) => (index === 4 ? 'rejected' : 'delivered')));
    expect(await topics.read('small')).toHaveLength(10);
    expect(await send({}, { content: 'x'.repeat(2_000_000) })).toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
  });

  it('continues with the next leader when a broker is killed', async () => {
    const one = (index: number) => send({ topic: 'of-both' }, { deliveryId: `both-${index}` });
    expect(await one(0)).toMatchObject({ kind: 'delivered' });
    await second().kill9();
    const kinds: string[] = [];
    await waitFor(
      async () => {
        kinds.push((await one(1)).kind);
        return kinds.at(-1) === 'delivered';
      },
      { timeoutMs: 15_000, intervalMs: 100, what: 'the other broker to take over' },
    );
    for (const kind of kinds.slice(0, -1)) expect(['unavailable', 'unknown']).toContain(kind);
    await second().start();
    const ids = (await topics.read('of-both')).map(({ headers }) => headers['delivery-id']);
    expect([...new Set(ids)]).toEqual(['both-0', 'both-1']);
  });

  it('delivers waiting records once after its only broker was down', async () => {
    const redis = await startRedis();
    const world = new World(redis.url, 'kafka');
    try {
      await world.startWorker();
      world.settings.set([endpointOf({ brokers: cluster.bootstrap(), topic: 'of-two' })]);
      const last = (id: string | undefined): OutcomeRecord | undefined =>
        world.recordsOf(String(id)).toSorted((a, b) => b.revision - a.revision)[0];
      const [before] = await world.post([{ level: 'fatal', object: 'before' }]);
      await waitFor(() => last(before)?.status === 'delivered', { what: 'the first' });
      await second().kill9();
      const [id] = await world.post([{ level: 'fatal', object: 'during' }]);
      await waitFor(() => last(id)?.status === 'retrying', { what: 'a failure' });
      expect(last(id)?.attempt?.outcome).toBe('unavailable');
      await second().start();
      await waitFor(() => last(id)?.status === 'delivered', { timeoutMs: 20_000, what: 'the delivery' });
      const ids = (await topics.read('of-two')).map(({ headers }) => headers['delivery-id']);
      expect(ids).toEqual([before, id]);
    } finally {
      await world.stop();
      await redis.stop();
    }
  }, 60_000);

  it('with a broker that hangs keeps the time limit, and delays no other endpoint', async () => {
    const hanging = { topic: 'of-two' };
    expect(await send(hanging)).toMatchObject({ kind: 'delivered' });
    second().signal('SIGSTOP');
    try {
      const began = performance.now();
      const stuck = send(hanging, { deliveryId: 'stuck' });
      for (let index = 0; index < 20; index++) {
        const outcome = await send({ topic: 'of-one' }, { deliveryId: `beside-${index}` });
        expect(outcome).toMatchObject({ kind: 'delivered' });
      }
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(await stuck).toMatchObject({ kind: 'unknown', code: 'TIMEOUT' });
      expect(performance.now() - began).toBeLessThan(kafka.timeoutMs({} as never) + 1_000);
    } finally {
      second().signal('SIGCONT');
    }
    await waitFor(async () => (await send(hanging)).kind === 'delivered', { timeoutMs: 15_000, what: 'its return' });
  }, 60_000);
}
