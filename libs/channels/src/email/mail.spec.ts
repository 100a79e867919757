import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '#libs/contracts';
import { testMessage } from '../../test/test-message.js';
import { htmlOf as htmlPart } from './html.js';
import { email } from './index.js';
import { composeMail } from './mail.js';

type Changes = Parameters<typeof testMessage>[1];

const PARTIES = {
  from: { address: 'alerts@example.org', name: '告警' },
  to: [{ address: 'ops@example.org', name: 'Ops, "night"' }, { address: 'b@xn--mnchen-3ya.example' }],
  cc: [{ address: 'boss@example.org' }],
  left: ['ops@example.org'],
};
const NOW = new Date('2026-11-20T08:00:00Z');
const transport = createTransport({ streamTransport: true, buffer: true });

async function compose(changes: Changes = {}) {
  const mail = composeMail(testMessage(email, changes, 'en'), PARTIES, NOW);
  const { message, envelope } = await transport.sendMail(mail);
  return { raw: (message as Buffer).toString('latin1'), envelope, mail: await PostalMime.parse(message as Buffer) };
}
const headersOf = (raw: string) => raw.slice(0, raw.search(/\r?\n\r?\n/)).split(/\r?\n(?![ \t])/);
const namesOf = (raw: string) => headersOf(raw).map((line) => line.split(':', 1)[0]);

describe('a mail', () => {
  it('has the title as subject and the content as text', async () => {
    const { mail } = await compose({ title: '🔥 CPU 温度过高', content: 'host-42\n  é 93 %' });
    expect(mail.subject).toBe('🔥 CPU 温度过高');
    expect(mail.text?.trimEnd()).toBe('host-42\n  é 93 %');
    expect(mail.html).toContain('🔥 CPU 温度过高');
    expect(mail.from).toMatchObject(PARTIES.from);
    expect(mail.to).toMatchObject(PARTIES.to);
    expect(mail.cc).toMatchObject(PARTIES.cc);
    expect(mail.date).toBe(NOW.toISOString());
  });

  it('goes to the recipients left, and its headers have all', async () => {
    const { envelope } = await compose();
    expect(envelope).toEqual({ from: 'alerts@example.org', to: ['ops@example.org'] });
  });

  it('has the id of its delivery, and the thread of its episode', async () => {
    const { mail } = await compose({ deliveryId: 'd7_r1', thread: { id: 't-1' } });
    expect(mail.messageId).toBe('<d7_r1@example.org>');
    expect(mail.references).toBe('<t-1@example.org>');
    expect(mail.inReplyTo).toBeUndefined();
  });

  it('refers to the previous mail of the episode', async () => {
    const { mail } = await compose({ deliveryId: 'd8', thread: { id: 't-1', follows: 'd7' } });
    expect(mail.inReplyTo).toBe('<d7@example.org>');
    expect(mail.references).toBe('<t-1@example.org> <d7@example.org>');
  });

  it('suppresses automatic replies, and has high priority for fatal', async () => {
    const fatal = await compose();
    expect(fatal.raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(fatal.raw).toMatch(/^X-Auto-Response-Suppress: All\r?$/m);
    expect(fatal.raw).toMatch(/^Importance: High\r?$/m);
    const info = await compose({ level: 'info' });
    expect(info.raw).not.toMatch(/^Importance/m);
  });

  it.each([
    ['line ends', 'a\r\nBcc: evil@example.org\r\n\r\nbody', 'a Bcc: evil@example.org body'],
    ['other line ends', 'a\u2028b\u2029c\u0085d\ve\ff', 'a b c d e f'],
    ['NUL', 'a\0b', 'a b'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['a change of direction', 'a\u202eb\u2066c', 'abc'],
    ['encoded words', '=?utf-8?Q?a=0D=0ABcc:_b?=', '= ?utf-8?Q?a=0D=0ABcc:_b?='],
    ['nothing', ' \r\n ', 'Tocsin'],
    ['right to left', 'خطأ في الخادم', 'خطأ في الخادم'],
  ])('has a subject of one line: %s', async (_name, title, subject) => {
    const { raw, mail } = await compose({ title });
    expect(mail.subject).toBe(subject);
    expect(namesOf(raw)).not.toContain('Bcc');
  });

  it('has no line longer than RFC 5322 allows', async () => {
    const { raw } = await compose({ title: '温'.repeat(3_000), content: 'x'.repeat(50_000) });
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });
});

describe('the HTML part', () => {
  const htmlOf = async (changes: Changes) => (await compose(changes)).mail.html ?? '';

  it('shows values of an event as text', async () => {
    const html = await htmlOf({ title: '<img src=x onerror=a()>', content: '</div><script>b()</script>&amp; "q"' });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('&lt;/div&gt;&lt;script&gt;b()&lt;/script&gt;&amp;amp; &quot;q&quot;');
  });

  it('makes links of web addresses only', async () => {
    const content = 'see (https://e.org/a?b=1&c="), javascript:alert(1) 和 http://e.org/路径。 ftp://e.org https://';
    const html = await htmlOf({ content, event: { url: 'javascript:alert(1)' } });
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://e.org/a?b=1&amp;c=',
      'http://e.org/路径',
    ]);
  });

  it('has the link of the alert as a button', async () => {
    const html = await htmlOf({ content: 'x', event: { url: 'https://e.org/?a=1&b="><script>' } });
    expect(html).toContain('<a href="https://e.org/?a=1&amp;b=&quot;&gt;&lt;script&gt;" style="');
    const url = 'https://e.org/alerts/1';
    expect((await htmlOf({ content: `see\n\n${url}`, event: { url } })).match(/<a /g)).toHaveLength(1);
  });

  it('has the colour of the level', async () => {
    const colourOf = async (level: (typeof LEVELS)[number]) =>
      /border-left:6px solid (#\w{6})/.exec(await htmlOf({ level, content: 'fatal error recovered' }))?.[1];
    expect(new Set(await Promise.all(LEVELS.map(colourOf))).size).toBe(LEVELS.length);
  });

  it('loads no resources', async () => {
    expect(await htmlOf({ content: 'https://e.org/a.png' })).not.toMatch(/src=|url\(|<link|@import/);
  });

  it('is composed in linear time for many links and dots', async () => {
    const begin = performance.now();
    for (const content of ['.'.repeat(200_000), 'https://'.repeat(25_000), `https://a${'.'.repeat(200_000)}x`]) {
      htmlPart({ ...testMessage(email), content });
    }
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('shows a text once that is title and content', async () => {
    const html = await htmlOf({ title: 'settings validated', content: 'settings validated' });
    expect(html.match(/<div[^>]*>settings validated/g)).toHaveLength(1);
  });
});

it('has the same headers for any event', async () => {
  const EXPECTED = namesOf((await compose({ level: 'error' })).raw).sort();
  const pieces = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\0',
    '\u2028',
    'Bcc: x@y.z',
    ':',
    '<',
    '>',
    '@',
    '=?utf-8?B?',
    'é',
    'x'.repeat(90),
    ' ',
    '\t',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((all) => all.join('')),
  );
  await fc.assert(
    fc.asyncProperty(texts, texts, texts, async (title, content, url) => {
      const { raw, mail } = await compose({ level: 'error', title, content, event: { url, title, object: content } });
      expect(namesOf(raw).sort()).toEqual(EXPECTED);
      expect(mail.attachments).toEqual([]);
      expect(mail.to).toMatchObject(PARTIES.to);
    }),
    { numRuns: 300 },
  );
});
