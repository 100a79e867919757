import { expect, it } from 'vitest';
import { LEVELS } from '#libs/contracts';
import { chatContract, chatHarness } from '../../test/chat-contract.js';
import { TEST_NOW } from '../../test/test-io.js';
import { type Answer, ROBOT_ID, startFakeFeishu } from './fake-provider.js';
import { feishu } from './index.js';

const clock = { now: TEST_NOW.getTime() };
const harness = chatHarness(feishu, () => startFakeFeishu({ now: () => clock.now }));
const { send } = harness;
const ROBOT = 0;

const answer = (code: number, msg: string, more = {}) => ({ json: { code, msg, data: {} }, ...more });
const reset = { headers: { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': '52' } };

chatContract<Awaited<ReturnType<typeof startFakeFeishu>>, Answer>(
  feishu,
  harness,
  [['a robot', ROBOT, 20_000]],
  [
    ['11232', answer(11232, 'frequency limited psm'), { kind: 'throttled', code: '11232', retryAfterMs: 60_000 }],
    [
      '11232 with a time',
      answer(11232, 'frequency limited', reset),
      { kind: 'throttled', code: '11232', retryAfterMs: 52_000 },
    ],
    [
      '99991400',
      answer(99991400, 'limit', { status: 429, ...reset }),
      { kind: 'throttled', code: '99991400', retryAfterMs: 52_000 },
    ],
    [
      '99991400 of the older API',
      answer(99991400, 'limit', { status: 400, ...reset }),
      { kind: 'throttled', code: '99991400', retryAfterMs: 52_000 },
    ],
    ['9499 for too many', answer(9499, 'too many request'), { kind: 'throttled', code: '9499', retryAfterMs: 60_000 }],
    ['9499', answer(9499, 'Bad Request'), { kind: 'rejected', code: '9499', message: /Bad Request/ }],
    [
      '19001',
      answer(19001, 'param invalid: incoming webhook access token invalid'),
      { kind: 'misconfigured', code: '19001', message: /webhookUrl/ },
    ],
    [
      '19021',
      answer(19021, 'sign match fail'),
      { kind: 'misconfigured', code: '19021', message: /签名校验.*secret.*clock/ },
    ],
    ['19022', answer(19022, 'Ip Not Allowed'), { kind: 'misconfigured', code: '19022', message: /IP 白名单/ }],
    ['19024', answer(19024, 'Key Words Not Found'), { kind: 'misconfigured', code: '19024', message: /自定义关键词/ }],
    ['19002', answer(19002, 'params error'), { kind: 'rejected', code: '19002' }],
    [
      '429 without a body',
      { status: 429, headers: { 'retry-after': '9' }, json: {} },
      { kind: 'throttled', code: '429', retryAfterMs: 9_000 },
    ],
    ['502', { status: 502, json: {} }, { kind: 'unavailable', code: '502' }],
    ['404', { status: 404, json: {} }, { kind: 'misconfigured', code: '404' }],
    ['302', { status: 302, json: {} }, { kind: 'misconfigured', code: '302', message: /redirects/ }],
    ['an answer in another format', { json: { hello: 1 } }, { kind: 'unknown', code: '200' }],
  ],
);

it('reads the result of robots that only have StatusCode', async () => {
  harness.fake.answer({ json: { Extra: null, StatusCode: 0, StatusMessage: 'success' } });
  expect(await send(ROBOT)).toMatchObject({ kind: 'delivered' });
  harness.fake.answer({ json: { StatusCode: 19024, StatusMessage: 'Key Words Not Found' } });
  expect(await send(ROBOT)).toMatchObject({ kind: 'misconfigured', code: '19024' });
});

it('has a header in the colour of the level, the text, and a button that opens the alert', async () => {
  const colours = [];
  for (const level of LEVELS) {
    await send(ROBOT, { event: { level } });
    colours.push((harness.fake.cards.at(-1) as { header: { template: string } }).header.template);
  }
  expect(colours).toEqual(['red', 'orange', 'violet', 'yellow', 'blue', 'green']);
  await send(ROBOT, {
    event: { url: 'https://monitor.example/1' },
    lang: 'en',
    title: 'T',
    content: 'C\nhttps://monitor.example/1',
  });
  expect(harness.fake.cards.at(-1)).toEqual({
    config: { wide_screen_mode: true },
    header: { template: 'red', title: { tag: 'plain_text', content: 'T' } },
    elements: [
      { tag: 'markdown', content: 'C' },
      {
        tag: 'action',
        actions: [
          {
            tag: 'button',
            type: 'primary',
            text: { tag: 'plain_text', content: 'Open' },
            url: 'https://monitor.example/1',
          },
        ],
      },
    ],
  });
});

it('signs each attempt with the current time', async () => {
  for (const hours of [0, 2, 4]) {
    const now = new Date(TEST_NOW.getTime() + hours * 3_600_000);
    clock.now = now.getTime();
    expect(await send(ROBOT, { now })).toMatchObject({ kind: 'delivered' });
  }
  clock.now = TEST_NOW.getTime();
});

it('redacts the id of a robot in an answer', async () => {
  harness.fake.play('misconfigured');
  expect(JSON.stringify(await send(ROBOT))).not.toContain(ROBOT_ID);
  const settings = { robots: [{ webhookUrl: `${harness.fake.url}/open-apis/bot/v2/hook/another-robot` }] };
  const outcome = await send(ROBOT, { settings });
  expect(outcome).toMatchObject({ kind: 'misconfigured', code: '19001' });
  expect(JSON.stringify(outcome)).not.toContain('another-robot');
});

it.each(['https://open.feishu.cn', 'https://open.larksuite.com', 'HTTPS://Open.Feishu.cn'])(
  'apiUrl replaces %s',
  async (base) => {
    const { secret } = (harness.fake.config.robots as { secret: string }[])[0] ?? {};
    const settings = { robots: [{ webhookUrl: `${base}/open-apis/bot/v2/hook/${ROBOT_ID}`, secret }] };
    expect(await send(ROBOT, { settings })).toMatchObject({ kind: 'delivered' });
  },
);
