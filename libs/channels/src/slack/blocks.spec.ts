import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileEvents } from '../../test/hostile-events.js';
import { testMessage } from '../../test/test-message.js';
import { bodyOf, plainBodyOf } from './blocks.js';
import { messageComplaints } from './fake-provider.js';
import { slack } from './index.js';
import { cutUnits, inPieces, withLinks } from './mrkdwn.js';

type Judged = Parameters<typeof messageComplaints>[0];

const HOSTILE = [
  '<!channel> ',
  '<@U012AB3CD>',
  '<!subteam^S012|x>',
  '@here @channel ',
  '<https://evil.example|https://good.example>',
  'https://evil.example|https://good.example ',
  '*b* _i_ ~s~ `c` ```',
  '&amp;&lt;!channel&gt;',
  '&',
  '\n&gt;',
  '\u202e',
  '\0\u0007\u001b[2J',
  '\ud83d',
  '👩‍👩‍👧',
  'https://x.example/?a=1&b=<2>',
  'word '.repeat(700),
  '温'.repeat(3_100),
  '😀'.repeat(1_600),
  '&<'.repeat(800),
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 12 })
  .map((parts) => parts.join(''));
const judged = (body: object): string[] => messageComplaints({ ...body, metadata: {} } as unknown as Judged);

describe('any event', () => {
  it('stays within the limits of Slack, mentions nobody and has no link with a misleading label', () => {
    const events = fc.record({
      title: hostileText,
      content: hostileText,
      url: fc.oneof(
        hostileText,
        fc.webUrl({ size: 'large', withQueryParameters: true }),
        fc.constant(`https://x.example/${'a'.repeat(4_000)}`),
      ),
      objectName: hostileText,
    });
    fc.assert(
      fc.property(hostileEvents, events, (event, more) => {
        // Cut as the core cuts it, because this channel cuts it again.
        const message = testMessage(slack, { event: { ...event, ...more } });
        for (const body of [bodyOf(message), plainBodyOf(message)]) {
          const found = judged(body).filter((complaint) => complaint !== 'msg_blocks_too_long');
          expect(found).toEqual([]);
        }
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

it('the longest message stays below the total that Slack accepts for blocks', () => {
  const message = testMessage(slack, {
    title: 't'.repeat(100_000),
    content: 'line of words\n'.repeat(10_000),
    event: { url: `https://x.example/${'u'.repeat(1_900)}`, startsAt: '2026-11-20T08:00:00Z' },
  });
  expect(judged(bodyOf(message))).toEqual([]);
  expect(bodyOf(message).attachments?.[0]?.blocks.map(({ type }) => type)).toEqual([
    'section',
    'section',
    'section',
    'actions',
    'context',
  ]);
});

it('a template that renders nothing still makes a message', () => {
  const body = bodyOf(testMessage(slack, { title: ' \n', content: '\0' }, 'en'));
  expect(body).toMatchObject({
    text: '[Fatal]',
    attachments: [{ fallback: '[Fatal]', blocks: [{ type: 'context' }] }],
  });
  expect(body).not.toHaveProperty('blocks');
});

it('a text that equals its title is shown once', () => {
  const body = bodyOf(testMessage(slack, { title: 'Slack setting validated', content: 'Slack setting validated' }));
  expect(body.text).toBe('Slack setting validated');
  expect(JSON.stringify(body.attachments?.[0]?.blocks)).not.toContain('validated');
});

it.each(['javascript:alert(1)', 'runbook', '', `https://x.example/${'u'.repeat(2_000)}`])(
  'the address %.30s makes no button, and stays in the text',
  (url) => {
    const body = bodyOf(testMessage(slack, { event: { url } }));
    expect(JSON.stringify(body)).not.toContain('"actions"');
    expect(body.text).toContain(url);
  },
);

it.each([
  ['see https://a.example/x?y=1&amp;z=2.', 'see <https://a.example/x?y=1&amp;z=2>.'],
  ['(https://a.example/x)', '(<https://a.example/x>)'],
  ['&lt;https://a.example&gt;', '&lt;<https://a.example>&gt;'],
  ['<https://a.example|named> by its author', '<https://a.example|named> by its author'],
  ['https://a.example|https://b.example', '<https://a.example>|<https://b.example>'],
  ['https:// http://', 'https:// http://'],
  ['https://a.example/?b&amp;', '<https://a.example/?b&amp;>'],
  [`https://${'a&amp;'.repeat(300)}`, `https://${'a&amp;'.repeat(300)}`],
])('links of %.60j', (text, linked) => {
  expect(withLinks(text)).toBe(linked);
});

describe('cutting', () => {
  it('leaves no partial entity', () => {
    for (let max = 1; max <= 12; max++) expect(cutUnits('a&lt;b&amp;cdefg', max)).not.toMatch(/&(?!lt;|amp;)/);
  });

  it('into pieces loses only blanks, and splits no link, entity or character', () => {
    const words = fc.constantFrom('word ', '\n', '&amp;', '<https://a.example/b>', '👩‍👩‍👧', '😀', '温', 'x'.repeat(9));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), fc.integer({ min: 30, max: 60 }), (parts, max) => {
        const text = parts.join('');
        const pieces = inPieces(text, max);
        expect(pieces.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(max);
          expect(piece.isWellFormed()).toBe(true);
          expect(piece).not.toMatch(/&(?!amp;)|<[^>]*$|^[^<]*>|\u200d$|^\u200d/);
        }
      }),
    );
  });
});
