import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which systems take the ports of outgoing connections, so that it is still free after a restart. */
const [LOWEST, HIGHEST] = [20_000, 32_000] as const;
const TRIES = 50;

/** A port that nobody listens at. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await listenProblem(host, port)) === undefined) return port;
  }
  throw new Error(`no free port of ${host} found between ${LOWEST} and ${HIGHEST}`);
}

/** Why a process could not listen there (`EADDRINUSE`, `EACCES` …); undefined when it could. */
export function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
