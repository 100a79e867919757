import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.js';
import { isFirstShowing, keptAdminKey, keptKey, makeAdminKey, makeSecretKey } from './keys.js';
import { localUrl } from './readiness.js';
import { isNewEnough } from './redis-program.js';

const root = mkdtempSync(join(tmpdir(), 'tocsin-data-'));
afterAll(() => rmSync(root, { recursive: true }));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the data folder', () => {
  const folder = openDataFolder(join(root, 'a'));
  afterAll(() => rmSync(dirname(folder.redisSocket), { recursive: true }));

  it('is readable only by its owner', () => {
    expect(modeOf(folder.root)).toBe(0o711);
    for (const one of [folder.redis, folder.logs, folder.pids, dirname(folder.redisSocket)])
      expect(modeOf(one)).toBe(0o700);
  });

  it('has a constant socket path within the length limit, also with a long path of its own', () => {
    const long = openDataFolder(join(root, 'x'.repeat(120)));
    expect(long.redisSocket.length).toBeLessThan(104);
    expect(long.redisSocket).not.toBe(folder.redisSocket);
    expect(openDataFolder(join(root, 'a')).redisSocket).toBe(folder.redisSocket);
    rmSync(dirname(long.redisSocket), { recursive: true });
  });

  it('does not use a socket folder that others can enter', () => {
    const other = openDataFolder(join(root, 'b'));
    chmodSync(dirname(other.redisSocket), 0o777);
    expect(() => openDataFolder(join(root, 'b'))).toThrow(/belongs to another user/);
    rmSync(dirname(other.redisSocket), { recursive: true });
  });

  it('reports why it cannot be created', () => {
    writeFileSync(join(root, 'file'), '');
    for (const path of ['file', 'file/data', 'file/a/data'])
      expect(() => openDataFolder(join(root, path))).toThrow(/TOCSIN_DATA_DIR/);
  });

  it.runIf(process.platform === 'linux')('does not try for ever on a file system without new folders', () => {
    for (const path of ['/proc/tocsin', '/proc/tocsin/data']) {
      expect(() => openDataFolder(path)).toThrow(/cannot create the data folder .* \(TOCSIN_DATA_DIR\): ENOENT/);
    }
  });

  it('is created with the folders above it', () => {
    const deep = openDataFolder(join(root, 'c/d/e'));
    expect(statSync(deep.root).isDirectory()).toBe(true);
    rmSync(dirname(deep.redisSocket), { recursive: true });
  });
});

describe('keys', () => {
  it('are generated once and readable only by the owner', () => {
    const path = join(root, 'admin.key');
    const key = keptKey(path, makeAdminKey);
    expect(key).toMatch(/^toc_[0-9A-Za-z]{32}$/);
    expect(keptKey(path, makeAdminKey)).toBe(key);
    expect(readFileSync(path, 'utf8').trim()).toBe(key);
    expect(modeOf(path)).toBe(0o600);
  });

  it('of the administrator have at least 24 characters', () => {
    const path = join(root, 'short', 'admin.key');
    mkdirSync(dirname(path));
    writeFileSync(path, 'a-short-key-of-24-chars\n');
    expect(() => keptAdminKey(path)).toThrow(/admin\.key must contain 24 to 256 printable/);
    rmSync(path);
    expect(keptAdminKey(path)).toMatch(/^toc_[0-9A-Za-z]{32}$/);
  });

  it('are never replaced silently', () => {
    const path = join(root, 'secret.key');
    writeFileSync(path, '\n');
    expect(() => keptKey(path, makeSecretKey)).toThrow(/restore it/);
  });

  it('are shown once', () => {
    expect([1, 2, 3].map(() => isFirstShowing(join(root, 'admin.key')))).toEqual([true, false, false]);
  });

  it('have the length that encryption requires', () => {
    expect(Buffer.from(makeSecretKey(), 'base64')).toHaveLength(32);
  });
});

describe('versions and addresses', () => {
  it.each([
    ['Redis 6.0.16', false],
    ['Redis 6.2.0', true],
    ['7.0.15-1~deb12u10', true],
    ['Valkey 10.0.1', true],
    ['nonsense', false],
  ])('%s is new enough: %s', (version, answer) => expect(isNewEnough(version)).toBe(answer));

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://[::1]:80'],
    ['tocsin.example.org', 'http://tocsin.example.org:80'],
  ])('a listener at %s is reached at %s', (host, url) => expect(localUrl(host, 80)).toBe(url));
});
