// npm run bench -- attacks: what honest clients notice of attacks on the API. Under each attack an honest sender posts 1,000
// events a second in requests of ten, and /healthz is asked ten times a second. Latencies count from the planned time of
// a request. The attacker has a core of its own where `taskset` exists; everything else shares the others.
// Targets: /healthz within 250 ms, and 1,000 events a second accepted at p99 below 100 ms.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main, ROOT } from '../run.mjs';
import { machineFacts } from './machine.mjs';
import { askRepeatedly } from './open-loop.mjs';
import { quantile } from './quantile.mjs';
import { Receiver } from './receiver.mjs';
import { startServers } from './servers.mjs';
import { lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { startTocsin } from './tocsin.mjs';
import { alert } from './workload.mjs';

const ATTACKS = {
  none: 'no attack',
  metrics: '`/metrics`, pipelined by 10 connections without a key',
  chunks: '16 MiB bodies in chunks of one byte, by 3 connections with a key',
  slow: '4,000 slow bodies without a key',
  keys: 'wrong keys by 50 connections',
  // The last one, since its policies stay.
  expressions: 'events for 100 policies with hostile expressions, by 10 connections',
};
const LASTS_MS = 10_000;
/** Time between two attacks, in which what the last one left ends. */
const REST_MS = 3_000;
const EVENTS_A_REQUEST = 10;
const REQUESTS_A_SECOND = 100;
const PROBES_A_SECOND = 10;
const HOSTILE_POLICIES = 100;
const HOSTILE = '~(.*a.{30})*b.{40}c';
const ATTACKER = fileURLToPath(new URL('attacker.mjs', import.meta.url));

/** Read before this process is pinned, which lowers the number. */
const CORES = availableParallelism();
/** Whether processes can be pinned to cores. */
const canPin = (() => {
  if (CORES < 2) return false;
  try {
    execFileSync('taskset', ['-cp', `0-${CORES - 2}`, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

async function addHostilePolicies(system) {
  for (let i = 0; i < HOSTILE_POLICIES; i += 1) {
    const response = await fetch(`http://127.0.0.1:${system.port}/api/v1/policies`, {
      method: 'POST',
      headers: system.headers,
      body: JSON.stringify({ key: `hostile-${i}`, match: { object: HOSTILE }, endpoints: system.endpoints }),
    });
    if (!response.ok) throw new Error(`POST /api/v1/policies returned ${response.status} ${await response.text()}`);
  }
}

async function endpointIds({ port, headers }) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/endpoints`, { headers });
  return (await response.json()).items.map(({ id }) => id);
}

/** Runs the attack in a process of its own; resolves to what it reports. */
function attack(name, system) {
  const words = [process.execPath, ATTACKER, name, String(system.port), system.headers.authorization, String(LASTS_MS)];
  const pinned = canPin ? ['taskset', '-c', String(CORES - 1), ...words] : words;
  const child = spawn(pinned[0], pinned.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const done = new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(text.trim()) : reject(new Error(`the attacker ended with ${code}`)),
    );
  });
  return { done, stop: () => child.kill('SIGKILL') };
}

let serial = 0;
function honestRequest(system) {
  const events = Array.from({ length: EVENTS_A_REQUEST }, () => alert('repeat', `r${serial++ % 1_000}`, serial));
  return { method: 'POST', path: system.path, headers: system.headers, body: JSON.stringify(events) };
}

const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

async function measure(name, system) {
  const attacker = name === 'none' ? undefined : stopAtEnd(attack(name, system));
  if (attacker) await sleep(1_000);
  const [api] = system.pids();
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, residentMiB(api));
  }, 200);
  const forMs = LASTS_MS - 2_000;
  const [posts, probes] = await Promise.all([
    askRepeatedly(system.port, () => honestRequest(system), { perSecond: REQUESTS_A_SECOND, forMs, connections: 20 }),
    askRepeatedly(system.port, () => ({ path: '/healthz' }), { perSecond: PROBES_A_SECOND, forMs, connections: 0 }),
  ]);
  clearInterval(watch);
  const report = await attacker?.done;
  const good = (answers) => answers.filter(({ ok }) => ok).map(({ ms }) => ms);
  return {
    name,
    accepted: (good(posts).length * EVENTS_A_REQUEST) / (forMs / 1_000),
    p99: quantile(
      posts.map(({ ms }) => ms),
      0.99,
    ),
    health: Math.max(...probes.map(({ ms }) => ms)),
    unhealthy: probes.length - good(probes).length,
    peakMiB,
    report: report ?? '',
  };
}

async function bench() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const receiver = stopAtEnd(await Receiver.start());
  const servers = stopAtEnd(await startServers(folder));
  const system = stopAtEnd(await startTocsin(servers, receiver.url));
  console.log(machineFacts(servers));
  console.log(canPin ? 'the attacker has the last core' : 'the attacker shares the cores: `taskset` is not usable');
  const endpoints = await endpointIds(system);
  console.log('warming up …');
  await measure('none', system);
  const rows = [];
  for (const name of Object.keys(ATTACKS)) {
    if (name === 'expressions') await addHostilePolicies({ ...system, endpoints });
    console.log(`${ATTACKS[name]} …`);
    rows.push(await measure(name, system));
    await sleep(REST_MS);
  }
  console.log(tableOf(rows));
}

function tableOf(rows) {
  const whole = (number) => Math.round(number).toLocaleString('en');
  return [
    '',
    '| attack | events accepted a second | p99, ms | `/healthz`, worst, ms | API, peak MiB | the attacker |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ name, accepted, p99, health, unhealthy, peakMiB, report }) =>
        `| ${ATTACKS[name]} | ${whole(accepted)} | ${whole(p99)} | ${unhealthy > 0 ? `${unhealthy} failed` : whole(health)} | ${whole(peakMiB)} | ${report} |`,
    ),
    '',
  ].join('\n');
}

main(() => bench().finally(stopAll));
