import { postMessage } from './http-message.mjs';
import { sendAll } from './sender.mjs';
import { newAlerts, repeats } from './workload.mjs';

const BATCH = 500;
const BATCH_CONNECTIONS = 4;
const SINGLE_CONNECTIONS = 32;

/**
 * Measures with a fixed number of events, so that CPU time an event is defined. Each takes more than a second of CPU
 * time, since the kernel reports it in hundredths of a second.
 */
export const COUNTED_MEASURES = [
  { name: 'storm', title: 'repeats in batches of 500', events: 100_000, run: storm },
  { name: 'single', title: 'repeats, one event a request, 32 connections', events: 8_000, run: single },
  { name: 'allNew', title: 'new events in batches of 500, until the last is delivered', events: 6_000, run: allNew },
];

/** Repeats in batches: most of an alert storm. */
async function storm(system, _receiver, events) {
  const messages = Array.from({ length: 10 }, (_, i) => postMessage(system, repeats(BATCH, i * 37)));
  return secondsOf(() => sendAll(system.port, cycle(messages, Math.ceil(events / BATCH)), BATCH_CONNECTIONS));
}

async function single(system, _receiver, events) {
  const messages = repeats(100).map((event) => postMessage(system, [event]));
  return secondsOf(() => sendAll(system.port, cycle(messages, events), SINGLE_CONNECTIONS));
}

/** Every event is delivered to the receiver. */
async function allNew(system, receiver, events) {
  const messages = Array.from({ length: Math.ceil(events / BATCH) }, () => postMessage(system, newAlerts(BATCH)));
  const arrived = receiver.expect(messages.length * BATCH);
  return secondsOf(async () => {
    await sendAll(system.port, messages, BATCH_CONNECTIONS);
    await arrived;
  });
}

async function secondsOf(work) {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

function* cycle(messages, count) {
  for (let i = 0; i < count; i++) yield messages[i % messages.length];
}
