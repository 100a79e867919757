// npm run bench -- --against <commit>: CPU time an event and throughput of the present tree and of a commit.
// The rounds alternate between both builds, so that other work on the machine affects both alike. Each build has its own
// Redis and PostgreSQL. Each round starts new processes, because two runs of one build differ by some percent.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, ROOT } from '../run.mjs';
import { comparisonReport } from './comparison-report.mjs';
import { COUNTED_MEASURES } from './counted-measures.mjs';
import { openCpuClock } from './cpu-time.mjs';
import { machineFacts } from './machine.mjs';
import { Receiver } from './receiver.mjs';
import { startServers } from './servers.mjs';
import { lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { addBenchEndpoints, installTocsin } from './tocsin.mjs';

const WARM_UP_SHARE = 0.5;

async function bench([tree, commit, rounds, ...names]) {
  const cpuTime = openCpuClock();
  const measures = COUNTED_MEASURES.filter(({ name }) => names.length === 0 || names.includes(name));
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const receiver = stopAtEnd(await Receiver.start());
  const builds = [
    await setUp({ name: 'present', tree: ROOT, folder, receiver }),
    await setUp({ name: commit, tree, folder, receiver }),
  ];
  console.log(machineFacts(builds[0].servers));

  const results = [];
  for (let round = 1; round <= Number(rounds); round++) {
    console.log(`round ${round} of ${rounds} …`);
    for (const build of round % 2 === 1 ? builds : builds.toReversed()) {
      const figures = await runRound(build, measures, receiver, cpuTime).catch((error) => {
        throw new Error(`${build.name}, round ${round}: ${error.message}`, { cause: error });
      });
      results.push(...figures.map((one) => ({ build: build.name, ...one })));
    }
  }
  console.log(
    comparisonReport(
      builds.map(({ name }) => name),
      measures,
      results,
    ),
  );
}

/** Servers, tables and endpoints of one build. */
async function setUp({ name, tree, folder, receiver }) {
  const servers = stopAtEnd(await startServers(join(folder, name)));
  const system = stopAtEnd(await installTocsin(servers, { name, tree }));
  await system.start();
  await addBenchEndpoints(system, receiver.url);
  await system.stopProcesses();
  return { name, servers, system };
}

/** Starts the build, warms it up, and runs each measure between two moments of rest. */
async function runRound({ servers, system }, measures, receiver, cpuTime) {
  await system.start();
  for (const { events, run } of measures) await run(system, receiver, events * WARM_UP_SHARE);
  const pids = { tocsin: system.pids(), redis: [servers.redisPid], postgres: [servers.postgresPid] };
  const readCpu = () => mapValues(pids, (all) => all.reduce((sum, pid) => sum + cpuTime(pid), 0));
  const results = [];
  for (const { name, events, run } of measures) {
    await system.rest();
    const before = readCpu();
    const seconds = await run(system, receiver, events);
    await system.rest();
    const cpuPerEvent = mapValues(readCpu(), (microseconds, key) => (microseconds - before[key]) / events);
    results.push({ measure: name, ...cpuPerEvent, perSecond: events / seconds });
  }
  await system.stopProcesses();
  return results;
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

main(() => bench(process.argv.slice(2)).finally(stopAll));
