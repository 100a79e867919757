import { Redis } from 'ioredis';
import { ROOT } from '../run.mjs';
import { entryPoints } from './entry-points.mjs';
import { countUnfinished } from './shards.mjs';
import { freePort, makeAdminKey, makeSecretKey, startServer } from './standalone.mjs';
import { waitFor } from './wait-for.mjs';

const READY_WITHIN_MS = 60_000;
const REST_WITHIN_MS = 60_000;
const REST_POLL_MS = 50;
/** The number of libuv's threads with which `npm start` runs Tocsin's processes. */
const THREADS = '32';

/** Installs and starts Tocsin, with an endpoint for repeats and one for events that are all delivered. */
export async function startTocsin(servers, receiverUrl, options) {
  const system = await installTocsin(servers, options);
  try {
    await system.start();
    await addBenchEndpoints(system, receiverUrl);
  } catch (error) {
    await system.stop();
    throw error;
  }
  return system;
}

/**
 * One API process and one worker process of Tocsin, built in `tree`, with migrated tables; they can be started and
 * stopped repeatedly. `profiles` is the folder for CPU profiles.
 */
export async function installTocsin(servers, { name = 'Tocsin', tree = ROOT, profiles } = {}) {
  const entries = entryPoints(tree);
  const port = await freePort();
  const adminKey = makeAdminKey();
  const env = {
    PATH: process.env.PATH,
    UV_THREADPOOL_SIZE: THREADS,
    PORT: String(port),
    REDIS_URL: servers.redisUrl,
    DATABASE_URL: servers.databaseUrl,
    TOCSIN_DATA_DIR: servers.folder.root,
    TOCSIN_ADMIN_KEY: adminKey,
    TOCSIN_SECRET_KEY: makeSecretKey(),
    TOCSIN_STANDALONE: '1',
    TOCSIN_LOG_LEVEL: 'warn',
  };
  const startProgram = (program, more) =>
    startProcess({ name: program, tree, args: entries[program], env: { ...env, ...more } });
  const migrated = await (await startProgram('migration')).exit;
  if (migrated !== 'exit code 0') throw new Error(`${name}: the migration ended with ${migrated}`);

  let processes = [];
  const redis = new Redis({ path: servers.redisSocket });
  const stopProcesses = () => Promise.all(processes.splice(0).map((one) => one.stop()));
  const system = {
    name,
    port,
    path: '/api/v1/events',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: (alerts) => alerts,
    pids: () => processes.map(({ pid }) => pid),
    async start() {
      const profiled = profiles && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` };
      processes = await Promise.all(['api', 'worker'].map((program) => startProgram(program, profiled)));
      await waitFor(() => isReady(port, processes), READY_WITHIN_MS, `${name} to be ready`);
    },
    /** Waits until every delivery has ended and is in the delivery log, which is written later. */
    rest: () =>
      waitFor(
        async () => (await countUnfinished(redis)) === 0,
        REST_WITHIN_MS,
        'the delivery log to be written',
        REST_POLL_MS,
      ),
    stopProcesses,
    async stop() {
      redis.disconnect();
      await stopProcesses();
    },
  };
  return system;
}

const startProcess = ({ name, tree, args, env }) =>
  startServer({
    name,
    command: process.execPath,
    args,
    cwd: tree,
    env,
    deathSignal: 'SIGTERM',
    stopSignals: [['SIGTERM', 15_000]],
    ipc: true,
  });

async function isReady(port, processes) {
  const ended = processes.find((one) => one.hasExited());
  if (ended) throw new Error(`the ${ended.name} ended: ${await ended.exit}`);
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

export async function addBenchEndpoints(system, receiverUrl) {
  const config = { url: receiverUrl };
  await addEndpoint(system, { name: 'repeats', config, pushPeriod: '1h', policies: ['repeat'] });
  await addEndpoint(system, { name: 'all', config, pushPeriod: '0s', policies: ['new'] });
}

export async function addEndpoint({ port, headers }, settings) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/endpoints`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ channel: 'http', ...settings }),
  });
  if (!response.ok) throw new Error(`POST /api/v1/endpoints returned ${response.status} ${await response.text()}`);
}
