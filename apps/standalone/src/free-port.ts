import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Lowest port, below the range of outgoing connections, so that the port is still free after a restart. */
const [LOWEST, HIGHEST] = [20_000, 32_000] as const;
const TRIES = 50;

/** Finds a port without a listener. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await listenProblem(host, port)) === undefined) return port;
  }
  throw new Error(`no free port of ${host} found between ${LOWEST} and ${HIGHEST}`);
}

/** Reason why a process cannot listen there (`EADDRINUSE`, `EACCES` …); undefined if it can. */
export function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
