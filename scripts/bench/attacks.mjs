// npm run bench -- attacks: what honest clients notice of attacks on the API. Each attack meets an API that was just
// started and has warmed up. The attacker has a core of its own where `taskset` exists; everything else shares the others.
// npm run bench -- attacks slow chunks    some of the attacks; --profile: with CPU profiles in .cache/profiles
// Targets: every /healthz within 250 ms, and 1,000 events a second accepted at p99 below 100 ms.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main, ROOT } from '../run.mjs';
import { ATTACKS, startAttack } from './attack-list.mjs';
import { openCpuClock } from './cpu-time.mjs';
import { honestClients } from './honest-clients.mjs';
import { canPin, keepOffLastCore } from './last-core.mjs';
import { machineFacts } from './machine.mjs';
import { Receiver } from './receiver.mjs';
import { startServers } from './servers.mjs';
import { lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { startTocsin } from './tocsin.mjs';

const WARM_UP_MS = 4_000;
/** Time of the attack before it is measured, and after. */
const LEAD_MS = 1_000;
const MEASURED_MS = 8_000;
const HOSTILE_POLICIES = 100;
const HOSTILE = '~(.*a.{30})*b.{40}c';
const PROFILES = join(ROOT, '.cache/profiles');

/** Adds policies whose expressions take long. Their first entry keeps them from the events of the honest sender. */
async function addHostilePolicies(system) {
  const listed = await fetch(`http://127.0.0.1:${system.port}/api/v1/endpoints`, { headers: system.headers });
  const endpoints = (await listed.json()).items.map(({ id }) => id);
  for (let i = 0; i < HOSTILE_POLICIES; i += 1) {
    const match = { policy: 'hostile', object: HOSTILE };
    const response = await fetch(`http://127.0.0.1:${system.port}/api/v1/policies`, {
      method: 'POST',
      headers: system.headers,
      body: JSON.stringify({ key: `hostile-${i}`, match, endpoints }),
    });
    if (!response.ok) throw new Error(`POST /api/v1/policies returned ${response.status} ${await response.text()}`);
  }
}

const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

async function measure(name, system) {
  const attack = stopAtEnd(startAttack(name, system, LEAD_MS + MEASURED_MS + LEAD_MS));
  await sleep(LEAD_MS);
  const [api] = system.pids();
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, residentMiB(api));
  }, 200);
  const cpuOf = openCpuClock();
  const cpuBefore = cpuOf(api);
  const noticed = await honestClients(system, MEASURED_MS);
  const busy = (cpuOf(api) - cpuBefore) / (1_000 * MEASURED_MS);
  clearInterval(watch);
  return { name, ...noticed, busy, peakMiB, report: await attack.done };
}

async function bench(words) {
  const names = words.filter((word) => word in ATTACKS);
  const profiles = words.includes('--profile') ? PROFILES : undefined;
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const receiver = stopAtEnd(await Receiver.start());
  const servers = stopAtEnd(await startServers(folder));
  const system = stopAtEnd(await startTocsin(servers, receiver.url, { profiles }));
  await addHostilePolicies(system);
  console.log(machineFacts(servers));
  const isPinned = canPin();
  console.log(isPinned ? 'the attacker has the last core' : 'the attacker shares the cores: `taskset` is not usable');
  // All that is started from here on inherits it; PostgreSQL has little to do.
  if (isPinned) keepOffLastCore([process.pid, servers.redisPid]);
  const rows = [];
  for (const name of names.length > 0 ? names : Object.keys(ATTACKS)) {
    console.log(`${ATTACKS[name]} …`);
    await system.stopProcesses();
    await system.start();
    await honestClients(system, WARM_UP_MS);
    rows.push(await measure(name, system));
  }
  console.log(tableOf(rows));
  if (profiles) console.log(`CPU profiles: ${profiles}`);
}

function tableOf(rows) {
  const whole = (number) => Math.round(number).toLocaleString('en');
  return [
    '',
    '| attack | accepted events/s | p99, ms | `/healthz` p99 / worst, ms | API, CPU % | API, peak MiB | the attacker |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ name, accepted, p99, healthP99, healthWorst, unhealthy, busy, peakMiB, report }) => {
      const health = unhealthy > 0 ? `${unhealthy} failed` : `${whole(healthP99)} / ${whole(healthWorst)}`;
      return `| ${ATTACKS[name]} | ${whole(accepted)} | ${whole(p99)} | ${health} | ${whole(100 * busy)} | ${whole(peakMiB)} | ${report} |`;
    }),
    '| target | 1,000 | 100 | – / 250 | | | |',
    '',
  ].join('\n');
}

main(() => bench(process.argv.slice(2)).finally(stopAll));
