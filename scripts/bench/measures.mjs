import { setTimeout as sleep } from 'node:timers/promises';
import { postMessage } from './http-message.mjs';
import { sendAll } from './sender.mjs';
import { newAlert, newAlerts, repeats } from './workload.mjs';

const BATCH = 500;
const BATCH_CONNECTIONS = 4;
const SINGLE_CONNECTIONS = 32;
const TIMED_MS = 2_000;
const NEW_EVENTS = 12_000;
const GENTLE_CONNECTIONS = 4;
const GENTLE_EVENTS = 400;
const GENTLE_EVERY_MS = 5;

/** Measures with a fixed time or number of events. `share` shortens a measure for warming up. */
export const MEASURES = [storm, single, allNew, gentle];

/** Repeats in batches: most of an alert storm. */
async function storm(system, _receiver, share) {
  const messages = Array.from({ length: 10 }, (_, i) => postMessage(system, repeats(BATCH, i * 37)));
  const perSecond = await timed(system.port, messages, BATCH_CONNECTIONS, TIMED_MS * share);
  return { 'storm of repeats, batches of 500: events accepted a second': perSecond * BATCH };
}

async function single(system, _receiver, share) {
  const messages = repeats(100).map((event) => postMessage(system, [event]));
  const perSecond = await timed(system.port, messages, SINGLE_CONNECTIONS, TIMED_MS * share);
  return { 'one event a request, 32 connections: requests a second': perSecond };
}

/** Rates of accepting and of delivering events that are all delivered. */
async function allNew(system, receiver, share) {
  const batches = Math.round((NEW_EVENTS / BATCH) * share);
  const messages = Array.from({ length: batches }, () => postMessage(system, newAlerts(BATCH)));
  const arrived = receiver.expect(batches * BATCH);
  const startedAt = process.hrtime.bigint();
  const seconds = (until) => Number(until - startedAt) / 1e9;
  await sendAll(system.port, messages, BATCH_CONNECTIONS);
  const accepted = seconds(process.hrtime.bigint());
  const { lastAt } = await arrived;
  return {
    'all new, batches of 500: accepted a second': (batches * BATCH) / accepted,
    'all new, batches of 500: delivered a second': (batches * BATCH) / seconds(lastAt),
  };
}

/** Latency at a load that is low enough for no event to wait for another. */
async function gentle(system, receiver, share) {
  const count = Math.round(GENTLE_EVENTS * share);
  const arrived = receiver.expect(count);
  await sendAll(system.port, singles(system, count), GENTLE_CONNECTIONS);
  const latencies = (await arrived).latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)];
  return {
    '200 events/s, one a request: from post to arrival, p50, ms': at(0.5),
    '200 events/s, one a request: from post to arrival, p99, ms': at(0.99),
  };
}

/** Yields an event every few milliseconds, with the time of its post in the label `sent`. */
async function* singles(system, count) {
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) {
    await sleep(Math.max(0, startedAt + i * GENTLE_EVERY_MS - performance.now()));
    yield postMessage(system, [newAlert(String(process.hrtime.bigint()))]);
  }
}

/** Sends the messages repeatedly for a time; returns the responses a second. */
async function timed(port, messages, connections, ms) {
  const startedAt = performance.now();
  let sent = 0;
  function* untilTime() {
    while (performance.now() - startedAt < ms) yield messages[sent++ % messages.length];
  }
  await sendAll(port, untilTime(), connections);
  return sent / ((performance.now() - startedAt) / 1_000);
}
