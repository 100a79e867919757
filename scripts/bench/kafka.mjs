// npm run bench -- kafka: records a second through the whole delivery into Apache Kafka, in order per key. The channel
// alone and kafkajs alone send the same records to the same cluster in the same run.
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { SERVER } from '../../libs/security/test/certificates.ts';
import { findKafkaJars, KAFKA_VERSION } from '../../test/support/kafka-jars.ts';
import { openKafkaTopics } from '../../test/support/kafka-topics.ts';
import { startKafka } from '../../test/support/start-kafka.ts';
import { Advice, main, ROOT } from '../run.mjs';
import { postMessage } from './http-message.mjs';
import { machineFacts } from './machine.mjs';
import { sendAll } from './sender.mjs';
import { startServers } from './servers.mjs';
import { atTheEnd, lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { addEndpoint, startTocsin } from './tocsin.mjs';
import { waitFor } from './wait-for.mjs';
import { alert } from './workload.mjs';

const ROUNDS = 5;
const RECORDS = 30_000;
const OBJECTS = 3_000;
const PARTITIONS = 6;
const POSTED_AT_ONCE = 500;
/** Records in one batch of kafkajs alone. */
const BATCH = 100;
/** The most sends that a target may have in flight. */
const IN_FLIGHT = 100;
/** Interval of reading offsets. Each read takes CPU time of the broker, so they are rare. */
const OFFSETS_POLL_MS = 100;

async function startCluster() {
  const jars = await findKafkaJars();
  if (typeof jars === 'string') throw new Advice(`this bench needs Apache Kafka: ${jars}`);
  const key = String(createPrivateKey(SERVER.key).export({ type: 'pkcs8', format: 'pem' }));
  const certificate = { cert: SERVER.cert, key };
  return startKafka({ jars, certificate, user: { name: 'bench', password: 'bench' }, java: ['-Xms512m', '-Xmx1g'] });
}

/** Measures from the first post until the last record is in Kafka. */
async function throughTocsin(system, topics, round) {
  const name = `through-${round}`;
  await topics.create([{ topic: name, numPartitions: PARTITIONS }]);
  const config = { brokers: system.brokers, topic: name };
  await addEndpoint(system, { name, channel: 'kafka', config, pushPeriod: '0s', policies: [name] });
  const events = Array.from({ length: RECORDS }, (_, i) => ({ ...alert(name, `o${i % OBJECTS}`, i), value: i }));
  const messages = Array.from({ length: RECORDS / POSTED_AT_ONCE }, (_, i) =>
    postMessage(system, events.slice(i * POSTED_AT_ONCE, (i + 1) * POSTED_AT_ONCE)),
  );
  const began = performance.now();
  // One connection, so that the order in which events are accepted is known.
  await sendAll(system.port, messages, 1);
  await waitFor(async () => (await written(topics, name)) >= RECORDS, 120_000, 'all records', OFFSETS_POLL_MS);
  const seconds = (performance.now() - began) / 1_000;
  const records = await topics.read(name);
  checkOrder(records);
  return { perSecond: RECORDS / seconds, records };
}

const written = async ({ admin }, topic) =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);

function checkOrder(records) {
  if (records.length !== RECORDS) throw new Error(`${records.length} records, not ${RECORDS}`);
  const newest = new Map();
  for (const { key, value } of records) {
    const serial = JSON.parse(value).value;
    if (serial <= (newest.get(key) ?? -1)) throw new Error(`${key}: ${serial} after ${newest.get(key)}`);
    newest.set(key, serial);
  }
}

async function byKafkajs(brokers, topics, records, round) {
  const topic = `alone-${round}`;
  await topics.create([{ topic, numPartitions: PARTITIONS }]);
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const began = performance.now();
  for (let at = 0; at < records.length; at += BATCH) {
    const messages = records.slice(at, at + BATCH).map(({ key, value, headers }) => ({ key, value, headers }));
    await producer.send({ topic, acks: -1, messages });
  }
  const seconds = (performance.now() - began) / 1_000;
  await producer.disconnect();
  return records.length / seconds;
}

/** Measures the channel without the rest of Tocsin. Each record is a send of its own, as a delivery is. */
async function byChannel(brokers, topics, records, round) {
  const { channelByType, createConnectionCache } = await import('../../dist/libs/channels/src/index.js');
  const { createGuardedSockets } = await import('../../dist/libs/outbound/src/index.js');
  const topic = `channel-${round}`;
  await topics.create([{ topic, numPartitions: PARTITIONS }]);
  const channel = channelByType('kafka');
  const to = { config: channel.config.parse({ brokers, topic }) };
  const connections = createConnectionCache();
  const sockets = createGuardedSockets({ deny: [] });
  const { signal } = new AbortController();
  const connect = (to) => sockets.connect({ ...to, signal });
  const io = { connect, reuse: connections.reuse, signal, now: () => new Date() };
  const message = ({ key, value }, i) => {
    const [policy, object] = key.split('|');
    return { deliveryId: `d${i}`, content: value, level: 'error', variables: { policy, object, starts_at: null } };
  };
  let next = 0;
  const sendInTurn = async () => {
    while (next < records.length) {
      const i = next++;
      const { kind } = await channel.send(message(records[i], i), to, io);
      if (kind !== 'delivered') throw new Error(`record ${i}: ${kind}`);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendInTurn));
  const seconds = (performance.now() - began) / 1_000;
  connections.close();
  checkOrder(await topics.read(topic));
  return records.length / seconds;
}

async function bench() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const cluster = stopAtEnd(await startCluster());
  const brokers = cluster.bootstrap();
  const topics = await openKafkaTopics(brokers);
  atTheEnd(() => topics.close());
  const servers = stopAtEnd(await startServers(folder));
  const tocsin = stopAtEnd(await startTocsin(servers, 'http://127.0.0.1:1/'));
  const system = { ...tocsin, brokers };
  console.log(`${machineFacts(servers)}; Apache Kafka ${KAFKA_VERSION}, one broker`);

  const rows = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round warms every process up and is not counted.
    console.log(round === 0 ? 'warming up …' : `round ${round} of ${ROUNDS} …`);
    const { perSecond, records } = await throughTocsin(system, topics, round);
    await tocsin.rest();
    const alone = await byKafkajs(brokers, topics, records, round);
    const channel = await byChannel(brokers, topics, records, round);
    if (round > 0) rows.push({ through: perSecond, alone, channel, ratio: perSecond / alone });
  }
  const sorted = (name) => rows.map((row) => row[name]).sort((a, b) => a - b);
  const median = (name) => sorted(name)[Math.floor(rows.length / 2)];
  const figure = (name) => Math.round(median(name)).toLocaleString('en');
  const [ratio, least, most] = [median('ratio'), sorted('ratio')[0], sorted('ratio').at(-1)].map((n) => n.toFixed(2));
  console.log(
    [
      '',
      `| ${RECORDS.toLocaleString('en')} records of ${OBJECTS.toLocaleString('en')} keys | a second | of kafkajs alone |`,
      '| --- | --- | --- |',
      `| kafkajs alone, ${BATCH} in a batch | ${figure('alone')} | 1 |`,
      `| the channel alone, ${IN_FLIGHT} in flight, in order per key | ${figure('channel')} | ${(median('channel') / median('alone')).toFixed(2)} |`,
      `| the whole delivery, from the post to the topic, in order per key | ${figure('through')} | ${ratio} (${least}–${most}) |`,
      '',
    ].join('\n'),
  );
}

main(() => bench().finally(stopAll));
