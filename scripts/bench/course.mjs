// The course of the bench: all systems are started once and measured alternately, so that other work on the machine
// affects all of them alike.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, ROOT } from '../run.mjs';
import { findAlertmanager, startAlertmanager } from './alertmanager.mjs';
import { machineFacts } from './machine.mjs';
import { MEASURES } from './measures.mjs';
import { startPlain } from './plain.mjs';
import { Receiver } from './receiver.mjs';
import { report } from './report.mjs';
import { startServers } from './servers.mjs';
import { lastOfAll, stopAll, stopAtEnd } from './stoppers.mjs';
import { startTocsin } from './tocsin.mjs';

const ROUNDS = 3;
const PROFILES = join(ROOT, '.cache/profiles');

async function bench(words) {
  const profile = words.includes('--profile');
  const measures = MEASURES.filter(({ name }) => words.includes(name));
  const chosen = measures.length > 0 ? measures : MEASURES;
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/bench-'));
  lastOfAll(() => rmSync(folder, { recursive: true, force: true }));
  const alertmanager = profile ? undefined : await findAlertmanager();
  const receiver = stopAtEnd(await Receiver.start());
  const servers = stopAtEnd(await startServers(folder));
  const systems = [
    stopAtEnd(await startTocsin(servers, receiver.url, { profiles: profile && PROFILES })),
    ...(alertmanager ? [stopAtEnd(await startAlertmanager(folder, receiver.url))] : []),
    ...(profile ? [] : [stopAtEnd(await startPlain(servers, receiver.url))]),
  ];
  const facts = machineFacts(servers, alertmanager);
  console.log(facts);

  const results = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round warms every process up and is not counted.
    const warming = round === 0;
    console.log(warming ? 'warming up …' : `round ${round} of ${ROUNDS} …`);
    for (const measure of chosen) {
      for (const system of systems) {
        const figures = await measure(system, receiver, warming ? 0.3 : 1).catch((error) => {
          throw new Error(`${system.name}, ${measure.name}: ${error.message}`, { cause: error });
        });
        if (!warming) results.push({ system: system.name, round, figures });
        await system.rest();
      }
    }
  }
  console.log(report(systems, results));
  if (profile) console.log(`CPU profiles: ${PROFILES}`);
}

main(() => bench(process.argv.slice(2)).finally(stopAll));
