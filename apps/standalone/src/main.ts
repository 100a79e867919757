import { servedChannels } from '#libs/channels';
import { ConfigError, loadConfig, readEnvironment, unknownVariables } from '#libs/config';
import { explainFullDisk } from './disk-full.js';
import { isFirstShowing } from './keys.js';
import { type RunningSystem, startSystem } from './supervisor.js';

/** Least time between two signals that means a second request to stop, and not the same Ctrl-C twice. */
const IMPATIENT_AFTER_MS = 2_000;

const say = (text: string): void => console.log(`tocsin: ${text}`);
const stopping = new AbortController();

function welcome({ url, dataFolder, adminKey }: RunningSystem): void {
  const lines = [`Tocsin runs on ${url}`, `  data: ${dataFolder}`];
  if (adminKey && isFirstShowing(adminKey.file)) {
    lines.push(`  administrator’s key, shown only once: ${adminKey.key}`, `  stored in ${adminKey.file}`);
  } else if (adminKey) {
    lines.push(`  administrator’s key: in ${adminKey.file}`);
  }
  console.log([...lines, '  Ctrl-C stops it'].join('\n'));
}

async function main(): Promise<void> {
  const env = readEnvironment();
  const config = loadConfig({ ...env, TOCSIN_STANDALONE: '1' });
  // The workers would fail on an unknown name, but only after all else runs.
  servedChannels(config);
  for (const name of unknownVariables(env)) say(`${name} is set, but there is no such variable`);
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  const system = await startSystem(config, env, stopping.signal, say).catch((error) => {
    throw explainFullDisk(error, config.dataDir);
  });
  welcome(system);
  await stopped;
  say('stopping');
  await system.stop();
  say('stopped');
}

let firstWish = 0;
function wishToStop(): void {
  if (!stopping.signal.aborted) {
    firstWish = performance.now();
    stopping.abort();
  } else if (performance.now() - firstWish > IMPATIENT_AFTER_MS) {
    // The kernel and the IPC channels end the children; the next start cleans up the rest.
    process.exit(1);
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, wishToStop);
// The parent has ended, so nobody could stop this process any more.
process.on('disconnect', wishToStop);
// A closed terminal must not end the system half way through its stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (stopping.signal.aborted) process.exit(0);
    console.error(error instanceof ConfigError ? error.message : `tocsin: ${(error as Error).message}`);
    process.exit(1);
  },
);
