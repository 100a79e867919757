import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES, type Outcome } from '#libs/contracts';
import type { Channel, ChannelIo, Message, Target } from '../src/channel.js';
import type { Config } from '../src/kit/config/config-fields.js';
import type { FakeProvider } from './channel-suite.js';
import { createTestIo, type TestIo } from './test-io.js';
import { testMessage } from './test-message.js';

/** Mentions, links, tags and blocks of all three providers, complete and partial, and control characters. */
const hostileValues = fc
  .array(
    fc.constantFrom(
      ...[
        '<@all>',
        '<@U1>',
        '<!channel>',
        '@all',
        '@13800000000',
        '<at id=all></at>',
        '<at user_id="all">x</at>',
        '</font>',
      ],
      ...[
        '[x](http://evil)',
        '![x](http://evil/a.png)',
        '<a href="http://evil">x</a>',
        '[',
        ']',
        '(',
        '<',
        '>',
        '&lt;',
        '&#60;',
      ],
      ...[
        '# ',
        '## x',
        '> ',
        '```',
        '---',
        '===',
        '**',
        '`',
        '$urlVal',
        '\n',
        '\r\n',
        '\r',
        '\u2028',
        '\u0085',
        '\t',
        ' ',
        'x',
        '温',
      ],
      ...[
        '\u0000',
        '\u0007',
        '\u001b[2J',
        '\u007f',
        '👩‍👩‍👧',
        '\u202e',
        '\u200f',
        '\ufeff',
        '\ud83d',
        '\udc69',
        '"',
        '\\',
        '\\u0041',
      ],
    ),
    { maxLength: 10 },
  )
  .map((pieces) => pieces.join(''));

type Changes = Parameters<typeof testMessage>[1] & { settings?: Config; now?: Date };

/** Sends to a fake provider that is reset for each test and must have no complaints at the end. */
export interface ChatHarness<F extends FakeProvider> {
  readonly fake: F;
  /** @param to the index of the target */
  send(to: number, changes?: Changes): Promise<Outcome>;
  target(to: number): Target;
  io(signal?: AbortSignal): ChannelIo;
}

export function chatHarness<F extends FakeProvider>(channel: Channel, start: () => Promise<F>): ChatHarness<F> {
  let fake: F | undefined;
  let testIo: TestIo | undefined;
  const begun = <T>(part: T | undefined): T => part ?? expect.unreachable('nothing has begun yet');
  beforeAll(async () => {
    fake = await start();
  });
  beforeEach(async () => {
    await testIo?.close();
    testIo = createTestIo();
    begun(fake).play('delivered');
  });
  afterAll(async () => {
    await testIo?.close();
    await begun(fake).close();
    expect(begun(fake).complaints).toEqual([]);
  });
  return {
    get fake() {
      return begun(fake);
    },
    send(to, { settings = {}, now, lang, ...changes } = {}) {
      const config = channel.config.parse({ ...begun(fake).config, ...settings }) as Config;
      const target = channel.targets(config)[to] ?? expect.unreachable('there is no such target');
      return channel.send(testMessage(channel, changes, lang), { config, target }, begun(testIo).io(undefined, now));
    },
    target(to) {
      const config = channel.config.parse(begun(fake).config) as Config;
      return channel.targets(config)[to] ?? expect.unreachable('there is no such target');
    },
    io: (signal) => begun(testIo).io(signal),
  };
}

/** An answer of a provider, by name, with the outcome that it means. */
export type Judged<A> = [
  name: string,
  answer: A,
  { kind: Outcome['kind']; code: string; retryAfterMs?: number; message?: RegExp },
];

/** The suite of all chat providers: the texts that readers see, and the outcomes of answers. */
export function chatContract<F extends FakeProvider & { answer(answer: A): void }, A>(
  channel: Channel,
  harness: ChatHarness<F>,
  targets: readonly (readonly [name: string, to: number, bytesMax: number])[],
  answers: readonly Judged<A>[],
): void {
  describe.each(targets)('%s', (_name, to, bytesMax) => {
    const last = () => harness.fake.shown.at(-1) ?? '';

    it('shows the level, the text and a link to the alert', async () => {
      const event = { content: 'It is hot.', url: 'https://monitor.example/a?b=(c)' };
      expect(await harness.send(to, { event })).toMatchObject({ kind: 'delivered', code: '0' });
      expect(last()).toMatch(/^\[致命\] CPU "high"/);
      expect(last()).toMatch(/It is hot\.\n+告警策略：CPU high\n+监控对象：host-42/);
      expect(last()).toMatch(/查看\]? ?\(https:\/\/monitor\.example\/a\?b=%28c%29\)/);
      expect(last()).not.toContain('b=(c)');
    });

    it.each([['温'], ['"'], ['\n'], ['\u0000'], ['<@all>'], ['\\']])(
      'takes a text of 100,000 times %j, and shows its beginning and its link',
      async (one) => {
        const url = 'https://monitor.example/alerts/1';
        const event = { content: `begin ${one.repeat(100_000)}`, title: one.repeat(100_000), url };
        expect(await harness.send(to, { event })).toMatchObject({ kind: 'delivered' });
        expect(last()).toContain('begin');
        expect(last()).toContain(url);
        expect(Buffer.byteLength(last())).toBeLessThanOrEqual(bytesMax);
      },
    );

    it('shows the end of a text of maximum length, such as a digest', async () => {
      const { content: limit = channel.limits.content } = harness.target(to);
      const lines = ['· 08:00:00 host-42: "CPU" is high', '· 08:00:01 主机四十二：处理器温度过高'];
      const room = (limit?.max ?? 0) - Buffer.byteLength('\n结束 digest-1');
      let text = '';
      for (let n = 0; Buffer.byteLength(`${text}${lines[n % 2]}\n`) < room; n++) text += `${lines[n % 2]}\n`;
      await harness.send(to, { title: '[致命] 2000 条告警：1500 条触发，500 条恢复', content: `${text}结束 digest-1` });
      expect(last()).toContain('结束 digest-1');
    });

    it('shows hostile values as text, in every field of an event', async () => {
      await fc.assert(
        fc.asyncProperty(hostileValues, hostileValues, fc.constantFrom(...LANGUAGES), async (one, other, lang) => {
          const event = { title: one, content: other, objectName: other, labels: { [one]: other, a: one } };
          const annotations = { runbook: other, fallback_for: one };
          const outcome = await harness.send(to, { lang, event: { ...event, annotations, unit: one } });
          expect(outcome.kind).toBe('delivered');
          expect(harness.fake.complaints).toEqual([]);
        }),
        { numRuns: 100 },
      );
    });

    it('links to web pages only', async () => {
      for (const url of [
        'javascript:alert(1)',
        'dingtalk://dingtalkclient/x',
        'no url',
        `https://h/${'x'.repeat(2_000)}`,
      ]) {
        await harness.send(to, { event: { url } });
        expect(last()).not.toContain('查看');
      }
    });

    it.each(answers)('has the outcome of %s', async (_name, answer, { message = /./, ...expected }) => {
      harness.fake.answer(answer);
      const outcome = await harness.send(to);
      expect(outcome).toMatchObject(expected);
      if (expected.retryAfterMs === undefined) expect(outcome).not.toHaveProperty('retryAfterMs');
      expect(outcome.message).toMatch(message);
      expect(outcome.message).toContain(expected.code);
    });
  });
}

/** The title and content of an endpoint test. */
export const bare = (text: string): Pick<Message, 'title' | 'content'> => ({ title: text, content: text });
