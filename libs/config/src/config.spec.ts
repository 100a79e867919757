import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  loadConfig,
  readEnvironment,
  requireServerConfig,
  summarizeConfig,
  unknownVariables,
} from './index.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('every variable has a default', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      redis: { kind: 'private' },
      databaseUrl: undefined,
      adminKey: undefined,
      secretKey: undefined,
      channels: 'all',
      concurrency: 200,
      lang: 'en',
      retentionMs: 30 * 86_400_000,
      metricsAuth: false,
      teamQuota: 0,
      allowUnsafeRedis: false,
      logLevel: 'info',
      standalone: false,
    });
    expect(loadConfig({}).dataDir).toBe(join(process.cwd(), '.tocsin'));
  });

  it('an empty variable counts as unset', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: ' ' })).toMatchObject({ port: 8080, redis: { kind: 'private' } });
  });

  it('reads every variable', () => {
    const config = loadConfig({
      HOST: '::',
      PORT: '9000',
      DATABASE_URL: 'postgres://u:p@db:5432/tocsin',
      SMTP_URL: 'smtps://u:p@mail:465',
      SMTP_FROM: 'Ops <ops@example.org>',
      TOCSIN_DATA_DIR: '/srv/tocsin',
      TOCSIN_ADMIN_KEY: 'toc_01234567890123456789',
      TOCSIN_SECRET_KEY: KEY,
      TOCSIN_CHANNELS: 'http, slack,http',
      TOCSIN_CONCURRENCY: '50',
      TOCSIN_EGRESS_DENY: '10.0.0.0/8, fd00::/8, 192.0.2.1',
      TOCSIN_LANG: 'zh-CN',
      TOCSIN_RETENTION: '12h',
      TOCSIN_METRICS_AUTH: 'true',
      TOCSIN_TEAM_QUOTA: '600',
      TOCSIN_ALLOW_UNSAFE_REDIS: 'true',
      TOCSIN_LOG_LEVEL: 'debug',
      TOCSIN_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
      TOCSIN_WORKERS: '3',
    });
    expect(config).toEqual({
      host: '::',
      port: 9000,
      redis: { kind: 'private' },
      databaseUrl: 'postgres://u:p@db:5432/tocsin',
      platform: { smtpUrl: 'smtps://u:p@mail:465', smtpFrom: 'Ops <ops@example.org>' },
      dataDir: '/srv/tocsin',
      adminKey: 'toc_01234567890123456789',
      secretKey: Buffer.alloc(32, 7),
      channels: ['http', 'slack'],
      concurrency: 50,
      egressDeny: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1/32'],
      trustedProxies: ['10.0.0.0/8', '2001:db8::1/128'],
      lang: 'zh-CN',
      retentionMs: 43_200_000,
      metricsAuth: true,
      teamQuota: 600,
      allowUnsafeRedis: true,
      logLevel: 'debug',
      workers: 3,
      standalone: false,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reads the channels that a worker excludes', () => {
    expect(loadConfig({ TOCSIN_CHANNELS: '-http, -slack,-http' }).channels).toEqual({ except: ['http', 'slack'] });
  });

  it('loopback is allowed in standalone mode only', () => {
    expect(loadConfig({}).egressDeny).toContain('127.0.0.0/8');
    expect(loadConfig({ TOCSIN_STANDALONE: '1' }).egressDeny).not.toContain('127.0.0.0/8');
    expect(loadConfig({ TOCSIN_STANDALONE: '1' }).egressDeny).toContain('169.254.0.0/16');
    expect(loadConfig({ TOCSIN_EGRESS_DENY: 'none' }).egressDeny).toEqual([]);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['HOST', 'my host'],
    ['TOCSIN_CONCURRENCY', '0'],
    ['TOCSIN_CONCURRENCY', '5001'],
    ['TOCSIN_CHANNELS', 'http;slack'],
    ['TOCSIN_CHANNELS', 'http,-slack'],
    ['TOCSIN_CHANNELS', '--http'],
    ['TOCSIN_EGRESS_DENY', '10.0.0.0/33'],
    ['TOCSIN_EGRESS_DENY', 'localhost'],
    ['TOCSIN_TRUSTED_PROXIES', 'nginx'],
    ['TOCSIN_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TOCSIN_TRUSTED_PROXIES', '10.0.0.1;10.0.0.2'],
    ['TOCSIN_TRUSTED_PROXIES', 'true'],
    ['TOCSIN_LANG', 'de'],
    ['TOCSIN_RETENTION', '30'],
    ['TOCSIN_RETENTION', '0s'],
    ['TOCSIN_METRICS_AUTH', 'maybe'],
    ['TOCSIN_TEAM_QUOTA', '1.5'],
    ['TOCSIN_LOG_LEVEL', 'loud'],
    ['SMTP_FROM', 'nobody'],
  ])('refuses %s=%s, naming it and its value', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must be `));
    expect(problems[0]).toContain(JSON.stringify(value));
  });

  it.each([
    ['REDIS_URL', 'http://user:hunter2@host'],
    ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
    ['SMTP_URL', 'https://user:hunter2@host'],
    ['TOCSIN_ADMIN_KEY', 'hunter2'],
    ['TOCSIN_ADMIN_KEY', 'hunter2-and-16-of-others'.slice(0, 23)],
    ['TOCSIN_ADMIN_KEY', `hunter2 ${'x'.repeat(24)}`],
    ['TOCSIN_SECRET_KEY', 'hunter2'],
  ])('refuses a bad %s without showing it', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems[0]).toMatch(new RegExp(`^${name} must be `));
    expect(problems[0]).not.toContain('hunter2');
  });

  it('reports all invalid variables at once', () => {
    expect(problemsOf({ PORT: 'x', TOCSIN_LANG: 'y', TOCSIN_SECRET_KEY: 'z' })).toHaveLength(3);
  });
});

describe('requireServerConfig', () => {
  const complete = { REDIS_URL: 'redis://r', DATABASE_URL: 'postgres://d/t', TOCSIN_SECRET_KEY: KEY };

  it('names the missing variables of a process', () => {
    expect(() => requireServerConfig(loadConfig({}), 'worker')).toThrow(/REDIS_URL.*DATABASE_URL.*TOCSIN_SECRET_KEY/s);
    expect(() => requireServerConfig(loadConfig(complete), 'api')).toThrow(/TOCSIN_ADMIN_KEY/);
  });

  it('returns a complete configuration', () => {
    const config = loadConfig(complete);
    expect(requireServerConfig(config, 'worker')).toBe(config);
  });
});

describe('the .env file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-env-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('applies to variables that the environment does not set', () => {
    writeFileSync(join(folder, '.env'), 'PORT=1111\nHOST="0.0.0.0" # everywhere\n');
    const config = loadConfig(readEnvironment(folder, { PORT: '2222' }));
    expect(config).toMatchObject({ port: 2222, host: '0.0.0.0' });
  });

  it('may be absent', () => {
    expect(readEnvironment(join(folder, 'nowhere'), { A: 'b' })).toEqual({ A: 'b' });
  });
});

describe('the start-up summary', () => {
  it('shows no secret', () => {
    const config = loadConfig({
      REDIS_URL: 'redis://u:hunter2@r',
      DATABASE_URL: 'postgres://u:hunter2@d/t',
      SMTP_URL: 'smtp://u:hunter2@m',
      TOCSIN_ADMIN_KEY: 'toc_hunter2_hunter2_hunter2',
      TOCSIN_SECRET_KEY: KEY,
    });
    const text = JSON.stringify(summarizeConfig(config));
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(KEY);
    expect(summarizeConfig(config)).toMatchObject({ adminKey: 'set', redis: 'single', smtp: 'set' });
  });

  it.each(['all', 'http,email', '-http,-email'])('lists the served channels: %s', (channels) => {
    expect(summarizeConfig(loadConfig({ TOCSIN_CHANNELS: channels }))).toMatchObject({ channels });
  });

  it('lists unknown TOCSIN_ variables', () => {
    expect(unknownVariables({ TOCSIN_LANG: 'en', TOCSIN_LANGUAGE: 'en', PATH: '/bin' })).toEqual(['TOCSIN_LANGUAGE']);
  });
});
