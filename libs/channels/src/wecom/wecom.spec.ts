import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelContract } from '../../test/channel-contract.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { CORP_ID, ROBOT_KEY, SECRET, startFakeWecom } from './fake-provider.js';
import { fixtures } from './fixtures.js';
import { wecom } from './index.js';

channelContract(wecom, fixtures);

let fake: Awaited<ReturnType<typeof startFakeWecom>>;
let ways: ReturnType<typeof createTestIo>[] = [];
beforeAll(async () => {
  fake = await startFakeWecom();
});
afterAll(async () => {
  expect(fake.complaints).toEqual([]);
  await fake.close();
});
beforeEach(async () => {
  await Promise.all(ways.map((way) => way.close()));
  // Tokens of its own for each test.
  ways = [createTestIo()];
  fake.play('delivered');
});

const APP = 0;
const ROBOT = 1;

/** Sends to the app or the robot of the fake, unless told otherwise. */
function send(
  to: number,
  { settings = {}, ...changes }: Parameters<typeof testMessage>[1] & { settings?: object } = {},
) {
  const config = wecom.config.parse({ ...fake.config, ...settings });
  const target = wecom.targets(config)[to] ?? expect.unreachable('there is no such target');
  const io = ways[0]?.io() ?? expect.unreachable('there is no way out');
  return wecom.send(testMessage(wecom, changes), { config, target }, io);
}

describe.each([
  ['an app', APP, 2_048],
  ['a robot', ROBOT, 4_096],
])('%s', (_name, to, bytesMax) => {
  it('shows the level in colour, the text, and a link to the alert', async () => {
    const event = { content: 'It is hot.', url: 'https://monitor.example/a?b=(c)' };
    expect(await send(to, { event })).toMatchObject({ kind: 'delivered', code: '0' });
    const text = fake.shown.at(-1);
    expect(text).toMatch(/^\[致命\] CPU "high"/);
    expect(text).toContain('It is hot.\n\n告警：CPU high\n对象：host-42');
    expect(text).toMatch(/\n\[查看\]\(https:\/\/monitor\.example\/a\?b=%28c%29\)$/);
  });

  it.each(['a', '温', '👩‍👩‍👧', '"', '\n', '\u0000'])(
    'takes a text of 100,000 times %j, and shows its beginning and its link',
    async (one) => {
      const url = 'https://monitor.example/alerts/1';
      const event = { content: `begin ${one.repeat(100_000)}`, title: one.repeat(100_000), url };
      expect(await send(to, { event })).toMatchObject({ kind: 'delivered' });
      expect(fake.shown.at(-1)).toContain('begin');
      expect(fake.shown.at(-1)).toContain(url);
      expect(Buffer.byteLength(fake.shown.at(-1) ?? '')).toBeLessThanOrEqual(bytesMax);
    },
  );

  it('says a test once', async () => {
    await send(to, { title: 'WeCom setting validated', content: 'WeCom setting validated' });
    expect(fake.shown.at(-1)).toBe('WeCom setting validated');
  });

  it.each<[number, string, { kind: string; retryAfterMs?: number; message?: string | RegExp }]>([
    [-1, 'system error', { kind: 'unavailable' }],
    [6000, 'conflict', { kind: 'unavailable' }],
    [45009, 'api freq out of limit', { kind: 'throttled', retryAfterMs: 60_000 }],
    [45033, 'too many at once', { kind: 'throttled', retryAfterMs: 2_000 }],
    [40058, 'invalid parameter', { kind: 'rejected', message: 'WeCom answered 40058: invalid parameter' }],
    [12345, 'never heard of', { kind: 'rejected', message: 'WeCom answered 12345: never heard of' }],
    [
      60020,
      'not allow to access from your ip, from ip: 203.0.113.7, more',
      { kind: 'misconfigured', message: /203\.0\.113\.7 to 企业可信IP/ },
    ],
    [60020, 'not allow', { kind: 'misconfigured', message: /address of this installation to 企业可信IP/ }],
    [81013, 'user & party & tag all invalid', { kind: 'misconfigured', message: /toUser/ }],
    [93000, 'invalid webhook url', { kind: 'misconfigured', message: /webhookUrl/ }],
  ])('is judged by errcode %i: %s', async (errcode, errmsg, { message = /./, ...expected }) => {
    fake.answer({ errcode, errmsg });
    const outcome = await send(to);
    expect(outcome).toMatchObject({ ...expected, code: String(errcode) });
    expect(outcome.message).toMatch(message);
    expect(outcome.message).toContain(errmsg);
  });
});

it('a robot whose key is echoed does not tell it', async () => {
  fake.play('misconfigured');
  const outcome = await send(ROBOT);
  expect(JSON.stringify(outcome)).not.toContain(ROBOT_KEY);
  const wrong = { robots: [{ webhookUrl: `${fake.url}/cgi-bin/webhook/send?key=another-key` }] };
  const other = await send(ROBOT, { settings: wrong });
  expect(other).toMatchObject({ kind: 'misconfigured', code: '93000' });
  expect(JSON.stringify(other)).not.toContain('another-key');
});

it('those whom an app could not reach are named, and nothing is tried again', async () => {
  fake.play('partial');
  const outcome = await send(APP);
  expect(outcome).toMatchObject({ kind: 'delivered', code: '0', partial: ['ghost', 'gone', 'department 7', 'guest'] });
  expect(outcome).not.toHaveProperty('remaining');
  expect(outcome.message).toBe(
    'WeCom left out ghost, gone (unknown or not visible to the app); department 7 (unknown or not visible to the app); guest (without a licence for the interface)',
  );
});

it('a list of refused members longer than what is read of an answer is no failure', async () => {
  fake.answer({ errcode: 0, errmsg: 'ok', invaliduser: 'someone-or-other|'.repeat(1_000) });
  expect(await send(APP)).toMatchObject({ kind: 'delivered' });
});

describe('the token of an app', () => {
  it('is asked for once by a thousand sends over several ways out', async () => {
    const [way] = ways;
    const config = wecom.config.parse(fake.config);
    const [target] = wecom.targets(config);
    if (!way || !target) return expect.unreachable();
    const before = fake.tokens.issued;
    const ios = Array.from({ length: 8 }, () => way.io());
    const message = testMessage(wecom);
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => wecom.send(message, { config, target }, ios[n % 8] ?? way.io())),
    );
    expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true);
    expect(fake.tokens.issued - before).toBe(1);
  });

  it('is replaced once when it is refused, however many sends find that out', async () => {
    await send(APP);
    fake.tokens.expire();
    const before = fake.tokens.issued;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(APP)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('delivered'));
    expect(fake.tokens.issued - before).toBe(1);
  });

  it.each([40014, 42001, 41001])(
    'that is refused twice by %i is a matter of settings, and is not told',
    async (errcode) => {
      await send(APP);
      const before = fake.tokens.issued;
      fake.answer({ errcode, errmsg: 'no' });
      expect(await send(APP)).toMatchObject({ kind: 'misconfigured', code: String(errcode) });
      expect(fake.tokens.issued - before).toBe(1);
      fake.tokens.expire();
      fake.answerForTokens({ errcode: 0, errmsg: 'ok', access_token: 'never-issued-token', expires_in: 7_200 });
      const outcome = await send(APP);
      expect(outcome).toMatchObject({ kind: 'misconfigured', code: '40014' });
      expect(JSON.stringify(outcome)).not.toContain('never-issued-token');
    },
  );

  it.each([
    [{ corpId: 'ww0' }, '40013', /corpId/],
    [{ secret: 'not-the-secret' }, '40001', /secret/],
  ])('that is not given for %j ends at once, and says what to do', async (changes, code, words) => {
    const outcome = await send(APP, { settings: { app: { ...fake.config.app, ...changes } } });
    expect(outcome).toMatchObject({ kind: 'misconfigured', code, message: words });
  });

  it('that is not given for now is asked for again later', async () => {
    fake.answerForTokens({ errcode: -1, errmsg: 'system error' });
    expect(await send(APP)).toMatchObject({ kind: 'unavailable', code: '-1' });
    fake.answerForTokens({ errcode: 0, errmsg: 'ok' });
    expect(await send(APP)).toMatchObject({ kind: 'unavailable', code: 'NO_TOKEN' });
    fake.play('delivered');
    expect(await send(APP)).toMatchObject({ kind: 'delivered' });
  });

  it('belongs to the app, its secret and the address it was asked at', async () => {
    const before = fake.tokens.issued;
    await send(APP);
    await send(APP, { settings: { app: { ...fake.config.app, toUser: ['zhangsan', 'lisi'], toTag: ['1'] } } });
    expect(fake.tokens.issued - before).toBe(1);
    await send(APP, { settings: { apiUrl: `${fake.url}//` } });
    expect(fake.tokens.issued - before).toBe(1);
  });
});

describe('targets', () => {
  const targets = (config: object) => wecom.targets(wecom.config.parse(config));
  const robot = (key: string, base = 'https://qyapi.weixin.qq.com') => ({
    webhookUrl: `${base}/cgi-bin/webhook/send?key=${key}`,
  });

  it('are the app and each robot, which keeps its id while others come and go', () => {
    const app = { corpId: CORP_ID, agentId: '1000002', secret: SECRET, toParty: [2] };
    const all = targets({ app, robots: [robot('one'), robot('two')] });
    expect(all.map(({ label }) => label)).toEqual(['app 1000002', 'robot 1', 'robot 2']);
    const [alone] = targets({ robots: [robot('two')] });
    expect(alone?.id).toBe(all[2]?.id);
    expect(targets({ robots: [robot('two', 'http://gateway/wx')] })[0]?.credential).toBe(alone?.credential);
    expect(JSON.stringify(all.map(({ id, label }) => [id, label]))).not.toMatch(/one|two/);
  });
});

it('an API URL stands in for the public one, for robots too, and for no other', async () => {
  const settings = { robots: [{ webhookUrl: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${ROBOT_KEY}` }] };
  const before = fake.shown.length;
  expect(await send(ROBOT, { settings: { ...settings, apiUrl: `${fake.url}/` } })).toMatchObject({ kind: 'delivered' });
  expect(await send(ROBOT, { settings: { apiUrl: 'http://127.0.0.1:1' } })).toMatchObject({ kind: 'delivered' });
  expect(fake.shown).toHaveLength(before + 2);
});
