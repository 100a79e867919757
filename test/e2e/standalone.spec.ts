import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { isAlive } from '../../apps/standalone/src/process-table.js';
import { startProcess, type TestProcess, waitFor } from '../support/index.js';

/** Longest start of `npm start` when there is nothing to install or build. */
const READY_WITHIN_MS = 10_000;
const PARTS = ['redis', 'postgres', 'api', 'worker-1'];

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-e2e-'));
  let port: number;
  let url: string;
  let system: TestProcess;

  const start = (env: Record<string, string> = {}): TestProcess =>
    startProcess('scripts/start.mjs', { PORT: String(port), TOCSIN_DATA_DIR: folder, TOCSIN_WORKERS: '1', ...env });
  const pidOf = (part: string): number => JSON.parse(readFileSync(join(folder, 'pids', `${part}.pid`), 'utf8')).pid;
  const supervisor = (): number => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).pid;
  const isReady = async (): Promise<boolean> => (await fetch(`${url}/readyz`)).ok;
  const adminKey = (): string => readFileSync(join(folder, 'admin.key'), 'utf8').trim();
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey()}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  beforeAll(async () => {
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    system = start();
    await system.printed(/Tocsin runs on/, 60_000);
  });
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the generated key, and the API accepts it', async () => {
    expect(system.output()).toContain(adminKey());
    expect((await call('GET', '/api/v1/endpoints')).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('gives its programs enough threads for names that do not resolve', () => {
    for (const part of ['api', 'worker-1']) {
      expect(readFileSync(`/proc/${pidOf(part)}/environ`, 'utf8').split('\0')).toContain('UV_THREADPOOL_SIZE=32');
    }
  });

  it('refuses a second start on the same folder, and one on the same port', async () => {
    const second = start();
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(/already runs on this data folder/);
    const other = mkdtempSync(join(tmpdir(), 'tocsin-e2e-'));
    const third = start({ TOCSIN_DATA_DIR: other });
    expect(await third.exit).toBe(1);
    expect(third.output()).toMatch(new RegExp(`port ${port} .* is taken[^]*PORT=`));
    rmSync(other, { recursive: true });
  });

  it.each(PARTS)('recovers when its %s is killed', async (part) => {
    const before = pidOf(part);
    process.kill(before, 'SIGKILL');
    await waitFor(() => pidOf(part) !== before && isReady(), { timeoutMs: 15_000, what: `${part} to be back` });
  });

  it('recovers when the socket of its Redis is removed', async () => {
    const before = pidOf('redis');
    const [socket] = /\/\S*redis\.sock/.exec(readFileSync(join(folder, 'logs/redis.log'), 'utf8')) ?? [];
    rmSync(dirname(socket as string), { recursive: true });
    await waitFor(() => pidOf('redis') !== before && isReady(), { timeoutMs: 15_000, what: 'Redis to be reachable' });
  });

  it('finds its data again after all processes were killed', async () => {
    const config = { url: 'http://127.0.0.1:9/' };
    expect((await call('POST', '/api/v1/endpoints', { name: 'kept', channel: 'http', config })).status).toBe(201);
    const pids = [system.pid, supervisor(), ...PARTS.map(pidOf)];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await system.exit;

    const startedAt = performance.now();
    system = start();
    await system.printed(/Tocsin runs on/, 30_000);
    expect(performance.now() - startedAt).toBeLessThan(READY_WITHIN_MS);
    expect(system.output()).not.toContain(adminKey());
    expect(await (await call('GET', '/api/v1/endpoints')).text()).toContain('"kept"');
  });

  it('stops all processes when only its starter is killed', async () => {
    const pids = [supervisor(), ...PARTS.map(pidOf)];
    await system.kill9();
    await waitFor(() => !pids.some(isAlive), { timeoutMs: 20_000, what: 'all parts to end' });
    system = start();
    await system.printed(/Tocsin runs on/, 30_000);
  });

  it('recovers when only its supervisor is killed', async () => {
    process.kill(supervisor(), 'SIGKILL');
    expect(await system.exit).not.toBe(0);
    system = start();
    await system.printed(/Tocsin runs on/, 30_000);
  });

  it('stops cleanly, and leaves no process and no lock', async () => {
    const pids = [supervisor(), ...PARTS.map(pidOf)];
    expect(await system.stop()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(folder, 'lock'))).toBe(false);
    expect(readdirSync(join(folder, 'pids'))).toEqual([]);
  });

  it('reports an invalid setting without its secret', async () => {
    const broken = start({ TOCSIN_LANG: 'de', TOCSIN_SECRET_KEY: 'hunter2' });
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toMatch(/TOCSIN_LANG must be one of en, zh-CN/);
    expect(broken.output()).toMatch(/TOCSIN_SECRET_KEY must be 32 bytes/);
    expect(broken.output()).not.toContain('hunter2');
  });

  it('refuses an unknown channel before it starts any process', async () => {
    const broken = start({ TOCSIN_CHANNELS: 'http,htpp' });
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toMatch(/TOCSIN_CHANNELS must name some of .*http.* \(it names htpp\)/);
    expect(broken.output()).not.toMatch(/runs/);
    const api = startProcess('dist/apps/api/src/main.js', {
      REDIS_URL: 'redis://127.0.0.1:1',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      TOCSIN_ADMIN_KEY: 'long-enough-for-an-admin-key',
      TOCSIN_SECRET_KEY: Buffer.alloc(32).toString('base64'),
      TOCSIN_CHANNELS: 'htpp',
    });
    expect(await api.exit).toBe(1);
    expect(api.output()).toMatch(/TOCSIN_CHANNELS must name some of .*http/);
  });

  it('gives up if its worker does not start', async () => {
    const dying = join(folder, 'dying.mjs');
    writeFileSync(dying, `if (process.argv[1]?.endsWith('apps/worker/src/main.js')) process.exit(7);`);
    const broken = start({ NODE_OPTIONS: `--import=${dying}` });
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toContain('worker 1 died (exit code 7)');
    expect(broken.output()).toContain('worker 1 does not start; see above');
    expect(broken.output()).not.toMatch(/Tocsin runs on/);
  });
});
