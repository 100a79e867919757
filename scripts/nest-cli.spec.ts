import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BUILD_CONFIG = 'tsconfig.build.json';
const COPIED = ['apps', 'libs', 'nest-cli.json', 'package.json', 'tsconfig.json', BUILD_CONFIG];
const NEST = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
/** The CLI type-checks with TypeScript 6, which takes half a minute when the machine is busy. */
const TIMEOUT_MS = 240_000;

/** Addresses at which nothing listens: the API starts without its servers and reports them as missing. */
const SETTINGS = {
  HOST: '127.0.0.1',
  REDIS_URL: 'redis://127.0.0.1:1',
  DATABASE_URL: 'postgres://tocsin@127.0.0.1:1/tocsin',
  TOCSIN_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  TOCSIN_ADMIN_KEY: 'nest-cli-spec-admin-key-0123456789',
};

const CONTROLLER = 'apps/api/src/pigeons/pigeons.controller.ts';
const CONTROLLER_WITH_ROUTE = `import { Controller, Get } from '@nestjs/common';
import { Allow } from '../access/allow.js';

@Controller('pigeons')
export class PigeonsController {
  @Get()
  @Allow('read')
  list(): string[] {
    return ['first'];
  }
}
`;

const headers = { authorization: `Bearer ${SETTINGS.TOCSIN_ADMIN_KEY}` };

const copy = mkdtempSync(join(tmpdir(), 'tocsin-nest-cli-'));
const read = (file: string): string => readFileSync(join(copy, file), 'utf8');
const write = (file: string, text: string): void => writeFileSync(join(copy, file), text);

beforeAll(() => {
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

/** The environment of a shell in the copy: vitest's own variables would reach the programs under test. */
function environment(more: Record<string, string> = {}): Record<string, string | undefined> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$|^NODE_/.test(name)));
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return { ...own, PATH: path, NO_COLOR: '1', ...more };
}

function nest(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [NEST, ...args], { cwd: copy, env: environment() }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    ),
  );
}

const luaFilesIn = (folder: string): string[] =>
  (readdirSync(join(copy, folder), { recursive: true }) as string[]).filter((name) => name.endsWith('.lua')).sort();

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Starts `nest start api --watch` in a process group of its own, so that the API ends with the CLI. */
async function startInWatchMode() {
  const port = await freePort();
  const child = spawn(process.execPath, [NEST, 'start', 'api', '--watch', '--preserveWatchOutput'], {
    cwd: copy,
    env: environment({ ...SETTINGS, PORT: String(port) }),
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return {
    answer: (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers }).catch(() => undefined),
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const ended = await Promise.race([exited.then(() => true), sleep(20_000, false, { ref: false })]);
      // The CLI may end before the API that it started.
      killGroup(child.pid);
      return ended;
    },
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function waitFor<T>(read: () => T | Promise<T>): Promise<T> {
  for (const deadline = performance.now() + TIMEOUT_MS / 3; ; await sleep(250)) {
    const value = await read();
    if (value || performance.now() > deadline) return value;
  }
}

it(
  'nest build compiles one application with its libraries, and leaves their imports as Node resolves them',
  async () => {
    const { code, output } = await nest('build', 'worker');
    expect(output).toBe('');
    expect(code).toBe(0);
    expect(read('dist/apps/worker/src/main.js')).toContain("from '#libs/config'");
    expect(existsSync(join(copy, 'dist/libs/config/src/index.js'))).toBe(true);
    expect(existsSync(join(copy, 'dist/apps/api'))).toBe(false);
    expect(luaFilesIn('dist/libs')).toEqual(luaFilesIn('libs'));
  },
  TIMEOUT_MS,
);

it(
  'nest generate adds a controller to the module of the application',
  async () => {
    const { code, output } = await nest('generate', 'controller', 'pigeons', '-p', 'api');
    expect(code, output).toBe(0);
    expect(read('apps/api/src/app.module.ts')).toContain(
      "import { PigeonsController } from './pigeons/pigeons.controller.js';",
    );
    write(CONTROLLER, CONTROLLER_WITH_ROUTE);
  },
  TIMEOUT_MS,
);

it(
  'nest start --watch starts the API with what was generated, and again after a change',
  async () => {
    // The types were checked above; to check them three times would cost a minute.
    write(BUILD_CONFIG, read(BUILD_CONFIG).replace('"noEmit": false', '"noEmit": false, "noCheck": true'));
    const api = await startInWatchMode();
    const pigeons = async () => (await api.answer('/pigeons'))?.text();
    let stopped = false;
    try {
      expect(await waitFor(async () => (await pigeons()) === '["first"]'), api.output()).toBe(true);
      write(CONTROLLER, read(CONTROLLER).replace('first', 'second'));
      expect(await waitFor(async () => (await pigeons()) === '["second"]'), api.output()).toBe(true);
    } finally {
      stopped = await api.stop();
    }
    expect(stopped, api.output()).toBe(true);
  },
  TIMEOUT_MS,
);
