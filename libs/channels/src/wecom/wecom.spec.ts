import { describe, expect, it } from 'vitest';
import { bare, chatContract, chatHarness } from '../../test/chat-contract.js';
import { testMessage } from '../../test/test-message.js';
import { configSchema } from '../kit/config/config-schema.js';
import { type Answer, CORP_ID, ROBOT_KEY, SECRET, startFakeWecom } from './fake-provider.js';
import { wecom } from './index.js';

const harness = chatHarness(wecom, startFakeWecom);
const { send } = harness;
const APP = 0;
const ROBOT = 1;

const answer = (errcode: number, errmsg: string): Answer => ({ errcode, errmsg });

chatContract<Awaited<ReturnType<typeof startFakeWecom>>, Answer>(
  wecom,
  harness,
  [
    ['an app', APP, 2_048],
    ['a robot', ROBOT, 4_096],
  ],
  [
    ['-1', answer(-1, 'system error'), { kind: 'unavailable', code: '-1', message: /system error/ }],
    ['6000', answer(6000, 'conflict'), { kind: 'unavailable', code: '6000' }],
    ['45009', answer(45009, 'api freq out of limit'), { kind: 'throttled', code: '45009', retryAfterMs: 60_000 }],
    ['45033', answer(45033, 'too many at once'), { kind: 'throttled', code: '45033', retryAfterMs: 2_000 }],
    ['40058', answer(40058, 'bad'), { kind: 'rejected', code: '40058', message: /^WeCom answered 40058: bad$/ }],
    [
      'an unlisted code',
      answer(12345, 'oh'),
      { kind: 'rejected', code: '12345', message: /^WeCom answered 12345: oh$/ },
    ],
    [
      '60020 with the address',
      answer(60020, 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info'),
      { kind: 'misconfigured', code: '60020', message: /from your ip.*add 203\.0\.113\.7 to 企业可信IP/ },
    ],
    [
      '60020',
      answer(60020, 'not allow'),
      { kind: 'misconfigured', code: '60020', message: /address of this installation/ },
    ],
    ['81013', answer(81013, 'all invalid'), { kind: 'misconfigured', code: '81013', message: /toUser/ }],
    ['93000', answer(93000, 'invalid webhook url'), { kind: 'misconfigured', code: '93000', message: /webhookUrl/ }],
  ],
);

it('shows the text of a test once', async () => {
  await send(APP, bare('WeCom setting validated'));
  expect(harness.fake.shown.at(-1)).toBe('WeCom setting validated');
});

it('redacts the key of a robot in an answer', async () => {
  harness.fake.play('misconfigured');
  const outcome = await send(ROBOT);
  expect(JSON.stringify(outcome)).not.toContain(ROBOT_KEY);
  const wrong = { robots: [{ webhookUrl: `${harness.fake.url}/cgi-bin/webhook/send?key=another-key` }] };
  const other = await send(ROBOT, { settings: wrong });
  expect(other).toMatchObject({ kind: 'misconfigured', code: '93000' });
  expect(JSON.stringify(other)).not.toContain('another-key');
});

it('names the recipients that an app could not reach, and does not retry', async () => {
  harness.fake.play('partial');
  const outcome = await send(APP);
  expect(outcome).toMatchObject({ kind: 'delivered', code: '0', partial: ['ghost', 'gone', 'department 7', 'guest'] });
  expect(outcome).not.toHaveProperty('remaining');
  expect(outcome.message).toBe(
    'WeCom answered 0 and left out ghost, gone (unknown or not visible to the app); department 7 (unknown or not visible to the app); guest (without a licence for the interface)',
  );
});

it('a truncated list of refused members still means delivered', async () => {
  harness.fake.answer({ errcode: 0, errmsg: 'ok', invaliduser: 'someone-or-other|'.repeat(1_000) });
  expect(await send(APP)).toMatchObject({ kind: 'delivered' });
});

describe('the access token of an app', () => {
  it('is requested once by a thousand sends of several processes', async () => {
    const config = wecom.config.parse(harness.fake.config);
    const target = wecom.targets(config)[APP] ?? expect.unreachable('there is no app');
    const before = harness.fake.tokens.issued;
    const ios = Array.from({ length: 8 }, () => harness.io());
    const message = testMessage(wecom);
    const outcomes = await Promise.all(
      ios.flatMap((io) => Array.from({ length: 125 }, () => wecom.send(message, { config, target }, io))),
    );
    expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true);
    expect(harness.fake.tokens.issued - before).toBe(1);
  });

  it('is replaced once after a refusal, for any number of sends', async () => {
    await send(APP);
    harness.fake.tokens.expire();
    const before = harness.fake.tokens.issued;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(APP)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('delivered'));
    expect(harness.fake.tokens.issued - before).toBe(1);
  });

  it.each([40014, 42001, 41001])('that is refused twice by %i is misconfigured, and redacted', async (errcode) => {
    await send(APP);
    const before = harness.fake.tokens.issued;
    harness.fake.answer({ errcode, errmsg: 'no' });
    expect(await send(APP)).toMatchObject({ kind: 'misconfigured', code: String(errcode) });
    expect(harness.fake.tokens.issued - before).toBe(1);
    harness.fake.tokens.expire();
    harness.fake.answerForTokens({ errcode: 0, errmsg: 'ok', access_token: 'never-issued-token', expires_in: 7_200 });
    const outcome = await send(APP);
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: '40014' });
    expect(JSON.stringify(outcome)).not.toContain('never-issued-token');
  });

  it.each([
    [{ corpId: 'ww0' }, '40013', /corpId/],
    [{ secret: 'not-the-secret' }, '40001', /secret/],
  ])('that is not issued for %j fails at once, with advice', async (changes, code, message) => {
    const outcome = await send(APP, { settings: { app: { ...harness.fake.config.app, ...changes } } });
    expect(outcome).toMatchObject({ kind: 'misconfigured', code, message });
  });

  it('that is not issued temporarily is requested again later', async () => {
    harness.fake.answerForTokens({ errcode: -1, errmsg: 'system error' });
    expect(await send(APP)).toMatchObject({ kind: 'unavailable', code: '-1' });
    harness.fake.answerForTokens({ errcode: 0, errmsg: 'ok' });
    expect(await send(APP)).toMatchObject({ kind: 'unavailable', code: 'NO_TOKEN' });
    harness.fake.play('delivered');
    expect(await send(APP)).toMatchObject({ kind: 'delivered' });
  });

  it('that is requested without an answer leaves the message unsent', async () => {
    harness.fake.answerForTokens('hang');
    const config = wecom.config.parse(harness.fake.config);
    const target = harness.target(APP);
    const giving = AbortSignal.timeout(150);
    const outcome = await wecom.send(testMessage(wecom), { config, target }, harness.io(giving));
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
  });

  it('is shared by app, secret and API URL', async () => {
    const before = harness.fake.tokens.issued;
    await send(APP);
    await send(APP, { settings: { app: { ...harness.fake.config.app, toUser: ['zhangsan', 'lisi'], toTag: ['1'] } } });
    expect(harness.fake.tokens.issued - before).toBe(1);
    await send(APP, { settings: { apiUrl: `${harness.fake.url}//` } });
    expect(harness.fake.tokens.issued - before).toBe(1);
  });
});

describe('targets', () => {
  const targets = (config: object) => wecom.targets(wecom.config.parse(config));
  const robot = (key: string, base = 'https://qyapi.weixin.qq.com') => ({
    webhookUrl: `${base}/cgi-bin/webhook/send?key=${key}`,
  });

  it('are the app and each robot, whose id does not depend on other robots', () => {
    const app = { corpId: CORP_ID, agentId: '1000002', secret: SECRET, toParty: [2] };
    const all = targets({ app, robots: [robot('one'), robot('two')] });
    expect(all.map(({ label }) => label)).toEqual(['app 1000002', 'robot 1', 'robot 2']);
    const [alone] = targets({ robots: [robot('two')] });
    expect(alone?.id).toBe(all[2]?.id);
    expect(targets({ robots: [robot('two', 'http://gateway/wx')] })[0]?.id).toBe(alone?.id);
    expect(JSON.stringify(all.map(({ id, label }) => [id, label]))).not.toMatch(/one|two/);
  });

  it('share a credential at the same address, regardless of its spelling, and no other', () => {
    const app = { corpId: CORP_ID, agentId: 1, secret: SECRET, toUser: ['a'] };
    const counted = (config: object) => targets(config).map(({ credential }) => credential);
    const gateway = 'http://gateway/wx';
    const [byApp, byRobot] = counted({ app, robots: [robot('one')] });
    const [appByGateway, robotByGateway] = counted({ app, robots: [robot('one')], apiUrl: gateway });
    expect(new Set([byApp, byRobot, appByGateway, robotByGateway]).size).toBe(4);
    expect(counted({ app, apiUrl: `${gateway}/` })).toEqual([appByGateway]);
    expect(counted({ robots: [robot('one', gateway)] })).toEqual([robotByGateway]);
    expect(counted({ robots: [{ webhookUrl: `${robot('one').webhookUrl}&debug=1` }] })).toEqual([byRobot]);
    expect(counted({ robots: [robot('one', 'http://other')] })).not.toEqual([robotByGateway]);
  });
});

it('apiUrl replaces the public address, for robots too, and no other', async () => {
  const settings = { robots: [{ webhookUrl: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${ROBOT_KEY}` }] };
  const before = harness.fake.shown.length;
  expect(await send(ROBOT, { settings: { ...settings, apiUrl: `${harness.fake.url}/` } })).toMatchObject({
    kind: 'delivered',
  });
  expect(await send(ROBOT, { settings: { apiUrl: 'http://127.0.0.1:1' } })).toMatchObject({ kind: 'delivered' });
  expect(harness.fake.shown).toHaveLength(before + 2);
});

it('accepts an app with an empty list of robots, and shows the public address as the default of apiUrl', () => {
  const config = wecom.config.parse({ ...harness.fake.config, robots: [], apiUrl: undefined });
  expect(wecom.targets(config).map(({ id }) => id)).toEqual(['app']);
  expect(config.apiUrl).toBeUndefined();
  expect(configSchema(wecom.config).properties?.apiUrl?.default).toBe('https://qyapi.weixin.qq.com');
});
