import { expect, it } from 'vitest';
import { bare, chatContract, chatHarness } from '../../test/chat-contract.js';
import { TEST_NOW } from '../../test/test-io.js';
import { ROBOT_SECRET, ROBOT_TOKEN, startFakeDingtalk } from './fake-provider.js';
import { dingtalk } from './index.js';

const clock = { now: TEST_NOW.getTime() };
const harness = chatHarness(dingtalk, () => startFakeDingtalk({ now: () => clock.now }));
const { send } = harness;
const CHAT = 0;
const ROBOT = 1;
const TEN_MINUTES_MS = 600_000;

const answer = (errcode: number, errmsg: string, more = {}) => ({ errcode, errmsg, ...more });
const of88 = (subCode: string) =>
  answer(88, `ding talk error[subcode=${subCode}]`, { sub_code: subCode, sub_msg: 'why' });
const security = (text: string, message: RegExp) =>
  [`310000: ${text}`, answer(310000, text), { kind: 'misconfigured', code: '310000', message }] as const;

chatContract<Awaited<ReturnType<typeof startFakeDingtalk>>, object>(
  dingtalk,
  harness,
  [
    ['a chat', CHAT, 5_000],
    ['a robot', ROBOT, 20_000],
  ],
  [
    ['-1', answer(-1, '系统繁忙'), { kind: 'unavailable', code: '-1', message: /系统繁忙/ }],
    ['34015', answer(34015, '发送群会话消息失败'), { kind: 'unavailable', code: '34015' }],
    [
      '130101',
      {
        status: 1111,
        wait: 5,
        source: 'x5',
        punish: 'deny',
        uuid: 'u',
        ...answer(130101, 'send too fast, exceed 20 times per minute'),
      },
      { kind: 'throttled', code: '130101', retryAfterMs: TEN_MINUTES_MS, message: /20 times/ },
    ],
    [
      '410100',
      answer(410100, '发送速度太快而限流'),
      { kind: 'throttled', code: '410100', retryAfterMs: TEN_MINUTES_MS },
    ],
    ['a status alone', { status: 1111, wait: 5 }, { kind: 'throttled', code: '1111', retryAfterMs: TEN_MINUTES_MS }],
    ['a punishment alone', { punish: 'deny' }, { kind: 'throttled', code: 'punish', retryAfterMs: TEN_MINUTES_MS }],
    ['90030', answer(90030, 'quota'), { kind: 'throttled', code: '90030', retryAfterMs: 3_600_000 }],
    ['90018', of88('90018'), { kind: 'throttled', code: '88/90018', retryAfterMs: 60_000 }],
    ['60011', of88('60011'), { kind: 'misconfigured', code: '88/60011', message: /why.*权限管理/ }],
    ['34013', answer(34013, '找不到群会话对象'), { kind: 'misconfigured', code: '34013', message: /chatIds/ }],
    ['300005', answer(300005, 'token is not exist'), { kind: 'misconfigured', code: '300005', message: /webhookUrl/ }],
    [
      '430104',
      answer(430104, 'improper'),
      { kind: 'rejected', code: '430104', message: /^DingTalk answered 430104: improper$/ },
    ],
    ['an unlisted code', answer(98765, 'oh'), { kind: 'rejected', code: '98765' }],
    [
      'an answer in another format',
      { hello: 'world' },
      { kind: 'unknown', code: '200', message: /not in the format of DingTalk/ },
    ],
    [...security('keywords not in content, more: [https://ding-doc.dingtalk.com/doc]', /自定义关键词.*keywords/)],
    [...security('description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词;', /自定义关键词/)],
    [...security('sign not match, more: [https://ding-doc.dingtalk.com/doc]', /加签.*secret/)],
    [
      ...security(
        'description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;',
        /加签.*secret/,
      ),
    ],
    [...security('invalid timestamp', /clock/)],
    [...security('description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在 timestampms 以内;', /clock/)],
    [...security('description:来源IP地址不在白名单;', /IP地址/)],
    [...security('ip 203.0.113.7 not in whitelist', /IP地址/)],
    [...security('something new', /security setting/)],
  ],
);

it('separates lines so that DingTalk does not join them', async () => {
  await send(ROBOT, { title: 'T', content: 'a\nb\n\n\nc' });
  expect(harness.fake.shown.at(-1)).toMatch(/^T\n\na\n\nb\n\nc\n/);
});

it('adds the first keyword in small letters if the text contains no keyword, and only then', async () => {
  await send(ROBOT, { ...bare('DingTalk setting validated') });
  expect(harness.fake.shown.at(-1)).toBe('DingTalk setting validated\n\n###### 告警平台');
  await send(ROBOT, { ...bare('告警平台 is here') });
  expect(harness.fake.shown.at(-1)).toBe('告警平台 is here');
  const cutAway = `${'x'.repeat(30_000)} 告警平台`;
  expect(await send(ROBOT, { title: 'T', content: cutAway })).toMatchObject({ kind: 'delivered' });
});

it('signs each attempt with the current time', async () => {
  for (const hours of [0, 2, 4]) {
    const now = new Date(TEST_NOW.getTime() + hours * 3_600_000);
    clock.now = now.getTime();
    expect(await send(ROBOT, { now })).toMatchObject({ kind: 'delivered' });
  }
  expect(await send(ROBOT, { now: TEST_NOW })).toMatchObject({
    kind: 'misconfigured',
    message: expect.stringMatching(/clock/),
  });
  clock.now = TEST_NOW.getTime();
});

it('redacts token and secret of a robot in an answer', async () => {
  harness.fake.play('misconfigured');
  const outcome = await send(ROBOT);
  expect(outcome).toMatchObject({ kind: 'misconfigured', code: '400102' });
  expect(JSON.stringify(outcome)).not.toContain(ROBOT_TOKEN);
  expect(ROBOT_SECRET).toMatch(/^SEC/);
});

it('requests a token once, and again after a refusal, also inside 88', async () => {
  const { fake } = harness;
  await Promise.all(Array.from({ length: 20 }, () => send(CHAT)));
  const before = fake.tokens.issued;
  fake.tokens.expire();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(CHAT)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
  expect(fake.tokens.issued - before).toBe(1);
});

it.each([answer(40014, 'no'), of88('40014'), of88('42001'), answer(40001, 'no')])(
  'a token that is refused twice by %j is misconfigured',
  async (answer) => {
    await send(CHAT);
    const before = harness.fake.tokens.issued;
    harness.fake.answer(answer);
    expect(await send(CHAT)).toMatchObject({ kind: 'misconfigured', message: expect.stringMatching(/appSecret/) });
    expect(harness.fake.tokens.issued - before).toBe(1);
  },
);

it('names the wrong setting if no token is issued', async () => {
  const settings = { app: { ...(harness.fake.config.app as object), appSecret: 'not-the-secret' } };
  expect(await send(CHAT, { settings })).toMatchObject({
    kind: 'misconfigured',
    code: '40096',
    message: expect.stringMatching(/appKey/),
  });
});

it('has a target for each chat and robot, with an id by its address, not its index', () => {
  const robot = (token: string) => ({ webhookUrl: `https://oapi.dingtalk.com/robot/send?access_token=${token}` });
  const targets = (config: object) => dingtalk.targets(dingtalk.config.parse(config));
  const app = { appKey: 'k', appSecret: 's', chatIds: ['chat1', 'chat2'] };
  const all = targets({ app, robots: [robot('one'), robot('two')] });
  expect(all.map(({ label }) => label)).toEqual(['chat chat1', 'chat chat2', 'robot 1', 'robot 2']);
  expect(new Set(all.map(({ credential }) => credential)).size).toBe(4);
  expect(targets({ app: { ...app, chatIds: ['chat2'] } })[0]?.id).toBe(all[1]?.id);
  expect(targets({ robots: [robot('two')] })[0]?.id).toBe(all[3]?.id);
});
