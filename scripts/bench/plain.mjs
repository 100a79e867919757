import { join } from 'node:path';
import { freePort, startServer } from './standalone.mjs';
import { waitFor } from './wait-for.mjs';

/** Starts a plain design for comparison: a BullMQ job for each delivery, without checks, a log or order. */
export async function startPlain({ redisSocket }, receiverUrl) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, REDIS_SOCKET: redisSocket, PORT: String(port), RECEIVER_URL: receiverUrl };
  const start = (name) =>
    startServer({
      name,
      command: process.execPath,
      args: [join(import.meta.dirname, `${name}.mjs`)],
      env,
      deathSignal: 'SIGTERM',
      stopSignals: [['SIGTERM', 5_000]],
      ipc: true,
    });
  const processes = [await start('plain-api'), await start('plain-worker')];
  const stop = () => Promise.all(processes.map((one) => one.stop()));
  await waitFor(() => isUp(port), 10_000, 'the plain design to be ready').catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    name: 'a job each',
    port,
    path: '/events',
    headers: { 'content-type': 'application/json' },
    body: (alerts) => alerts,
    rest: async () => {},
    stop,
  };
}

const isUp = (port) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
