// npm run bench -- neighbours: the effect of failing endpoints on working ones. One run measures the throughput of a
// hundred working endpoints alone, beside a hundred that refuse connections, and beside a hundred that accept them and
// never answer. The failing ones have deliveries waiting before a measure starts. The target is a ratio of 0.9 or more.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { audit } from '../../dist/libs/mailbox/src/index.js';
import { main, ROOT } from '../run.mjs';
import { postMessage } from './http-message.mjs';
import { machineFacts } from './machine.mjs';
import { Receiver } from './receiver.mjs';
import { sendAll } from './sender.mjs';
import { startServers } from './servers.mjs';
import { atTheEnd, lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { startTocsin } from './tocsin.mjs';
import { waitFor } from './wait-for.mjs';
import { alert } from './workload.mjs';

const ROUNDS = 3;
const ENDPOINTS = 100;
const WORKING_EVENTS = 12_000;
const WAITING_EACH = 50;
const BATCH = 500;
const CONNECTIONS = 4;
/** Time for the failing endpoints to fail before the working ones are measured. */
const FAILING_MS = 3_000;
/** A port without a listener. */
const REFUSING_PORT = 1;

/** Accepts connections on every address of this machine and never answers. */
async function startHanging() {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise((resolve) => server.listen(0, '0.0.0.0', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: server.address().port,
    drop,
    stop() {
      server.close();
      drop();
    },
  };
}

/** Adds endpoints of one kind, each with a policy and an address of its own. */
async function addEndpoints(system, kind, urlOf) {
  const ids = [];
  for (let i = 0; i < ENDPOINTS; i++) {
    const settings = { name: `${kind} ${i}`, channel: 'http', config: { url: urlOf(i) }, pushPeriod: '0s' };
    const { id } = await call(system, 'POST', '/api/v1/endpoints', { ...settings, policies: [`${kind}-${i}`] });
    ids.push(id);
  }
  return ids;
}

async function setEnabled(system, ids, enabled) {
  for (const id of ids) await call(system, 'PATCH', `/api/v1/endpoints/${id}`, { enabled });
}

async function call({ port, headers }, method, path, body) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, 'content-type': type },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} returned ${response.status} ${await response.text()}`);
  return response.json();
}

let serial = 0;
/** Posts of `count` events, spread over the endpoints of a kind. The receiver counts objects that begin with `n`. */
function messagesFor(system, kind, letter, count) {
  const events = Array.from({ length: count }, (_, i) =>
    alert(`${kind}-${i % ENDPOINTS}`, `${letter}${serial++}`, serial),
  );
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, i) =>
    postMessage(system, events.slice(i * BATCH, (i + 1) * BATCH)),
  );
}

/** Deliveries a second of the working endpoints, from the first post to the last arrival. */
async function throughput(system, receiver, share) {
  const count = Math.round(WORKING_EVENTS * share);
  const messages = messagesFor(system, 'working', 'n', count);
  const arrived = receiver.expect(count);
  const startedAt = process.hrtime.bigint();
  await sendAll(system.port, messages, CONNECTIONS);
  const { lastAt } = await arrived;
  return count / (Number(lastAt - startedAt) / 1e9);
}

async function beside(system, receiver, { kind, ids, after }, drained, share) {
  await setEnabled(system, ids, true);
  await sendAll(system.port, messagesFor(system, kind, 'x', ENDPOINTS * WAITING_EACH), CONNECTIONS);
  await sleep(FAILING_MS);
  const figure = await throughput(system, receiver, share);
  // Disabling cancels the deliveries that wait there, so that the next measure starts without them.
  await setEnabled(system, ids, false);
  after();
  await drained();
  return figure;
}

async function bench() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const receiver = stopAtEnd(await Receiver.start());
  const hanging = stopAtEnd(await startHanging());
  const servers = stopAtEnd(await startServers(folder));
  const system = stopAtEnd(await startTocsin(servers, receiver.url));
  const redis = new Redis({ path: servers.redisSocket });
  atTheEnd(() => redis.disconnect());
  console.log(machineFacts(servers));
  await addEndpoints(system, 'working', (i) => `${receiver.url}working-${i}`);
  const failing = [
    {
      kind: 'refusing',
      ids: await addEndpoints(system, 'refusing', (i) => `http://127.0.0.${i + 1}:${REFUSING_PORT}/`),
      after: () => {},
    },
    {
      kind: 'hanging',
      ids: await addEndpoints(system, 'hanging', (i) => `http://127.0.0.${i + 1}:${hanging.port}/`),
      after: hanging.drop,
    },
  ];
  for (const { ids } of failing) await setEnabled(system, ids, false);
  const drained = () =>
    waitFor(async () => (await audit(redis)).pending === 0, 60_000, 'nothing pending').then(() => system.rest());

  const rows = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round warms every process up and is not counted.
    const share = round === 0 ? 0.3 : 1;
    console.log(round === 0 ? 'warming up …' : `round ${round} of ${ROUNDS} …`);
    const row = { alone: await throughput(system, receiver, share) };
    await drained();
    for (const one of failing) row[one.kind] = await beside(system, receiver, one, drained, share);
    if (round > 0) rows.push(row);
  }
  console.log(tableOf(rows, failing));
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function tableOf(rows, failing) {
  const perSecond = (kind) => Math.round(median(rows.map((row) => row[kind]))).toLocaleString('en');
  const ratios = (kind) => rows.map((row) => row[kind] / row.alone);
  const spread = (all) => `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`;
  return [
    '',
    `| ${ENDPOINTS} working endpoints | delivered a second | of that alone |`,
    '| --- | --- | --- |',
    `| alone | ${perSecond('alone')} | 1 |`,
    ...failing.map(
      ({ kind }) => `| beside ${ENDPOINTS} that are ${kind} | ${perSecond(kind)} | ${spread(ratios(kind))} |`,
    ),
    '',
  ].join('\n');
}

main(() => bench().finally(stopAll));
