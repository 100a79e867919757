import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, LEVELS } from '#libs/contracts';
import { hostileEvents } from '../../test/hostile-events.js';
import { parseRfc5424 } from '../../test/rfc5424-reference.js';
import { cutOf, expectFieldsBack, OWN_ELEMENT } from '../../test/sent-fields.js';
import { testMessage } from '../../test/test-message.js';
import { syslog } from './index.js';
import { oneLine } from './line.js';
import { FACILITIES } from './priority.js';
import { formatRfc3164 } from './rfc3164.js';
import { formatRfc5424, type Origin } from './rfc5424.js';

const origin: Origin = {
  facility: 'local0',
  hostname: 'tocsin-1.example.com',
  now: new Date('2026-11-02T03:04:05.006Z'),
};
const RUNS = { numRuns: 300 };

describe('RFC 5424', () => {
  it('any event makes one message, from which every field can be read back', () => {
    fc.assert(
      fc.property(hostileEvents, (event) => {
        const message = testMessage(syslog, { event: { ...event, id: 'e1' } });
        const line = formatRfc5424(message, origin, 65_536);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        const { data, text } = parseRfc5424(line);
        expect(text).toBe(oneLine(message.content));
        expect(cutOf(data)).toEqual(new Set());
        expectFieldsBack(message.variables, data);
      }),
      RUNS,
    );
  });

  it('never exceeds its byte limit, and lists the fields that were cut', () => {
    const long = fc.string({ unit: 'binary', minLength: 500, maxLength: 4_000 });
    const event = fc.tuple(hostileEvents, long, fc.constantFrom(1_024, 2_048));
    fc.assert(
      fc.property(event, ([base, content, bytesMax]) => {
        const message = testMessage(syslog, { content, event: { ...base, content, id: 'e1' } });
        const line = formatRfc5424(message, origin, bytesMax);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(bytesMax);
        expect(line.isWellFormed()).toBe(true);
        const { data, text } = parseRfc5424(line);
        expect(data[OWN_ELEMENT]?.delivery_id).toBe('d1');
        expectFieldsBack(message.variables, data);
        const whole = oneLine(content);
        if (text !== whole) {
          expect(text.endsWith('…')).toBe(true);
          expect(whole.startsWith(text.slice(0, -1))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('annotations are cut first, then the longer text, and essential fields stay', () => {
    const event: Partial<AlertEvent> = {
      content: '温'.repeat(5_000),
      labels: { region: 'gz' },
      annotations: { runbook: 'r'.repeat(3_000) },
    };
    const line = formatRfc5424(testMessage(syslog, { event }), origin, 2_048);
    const { data, text } = parseRfc5424(line);
    expect(data['tocsin@32473']).toMatchObject({ policy: 'cpu-high', object: 'host-42', cut: 'content annotations' });
    expect(data['tocsin@32473']?.content).toMatch(/^温+…$/);
    expect(text).toContain('host-42');
  });

  it('has priority, time, host, application and level in its header', () => {
    for (const [level, severity] of Object.entries({
      fatal: 2,
      error: 3,
      nodata: 4,
      warning: 4,
      recovered: 5,
      info: 6,
    })) {
      const line = formatRfc5424(
        testMessage(syslog, { event: { level: level as AlertEvent['level'] } }),
        origin,
        2_048,
      );
      expect(parseRfc5424(line)).toMatchObject({
        facility: 16,
        severity,
        timestamp: '2026-11-02T03:04:05.006Z',
        hostname: 'tocsin-1.example.com',
        appName: 'tocsin',
        procId: '-',
        msgId: level,
      });
    }
  });

  it.each(FACILITIES.map((facility, number) => [facility, number] as const))(
    '%s is facility %i',
    (facility, number) => {
      expect(parseRfc5424(formatRfc5424(testMessage(syslog), { ...origin, facility }, 2_048)).facility).toBe(number);
    },
  );

  it.each(['', 'ho st\n', '主机', 'h'.repeat(300)])('the host name %j is made valid', (hostname) => {
    const { hostname: host } = parseRfc5424(formatRfc5424(testMessage(syslog), { ...origin, hostname }, 2_048));
    expect(host).toBe(hostname.replace(/[^!-~]/g, '').slice(0, 255) || '-');
  });
});

describe('RFC 3164', () => {
  const FORM =
    /^<(\d{1,3})>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 1-3]\d \d\d:\d\d:\d\d ([\w-]+) tocsin: (.*) delivery_id=d1$/u;

  it('is one line of at most 1,024 bytes with the delivery id, for any event', () => {
    const long = fc.string({ unit: 'binary', maxLength: 2_000 });
    fc.assert(
      fc.property(fc.tuple(hostileEvents, long), ([event, content]) => {
        const line = formatRfc3164(testMessage(syslog, { content, event: { ...event, id: 'e1' } }), origin);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_024);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        const [, , host, text = ''] = FORM.exec(line) ?? [];
        expect(host).toBe('tocsin-1');
        if (text !== oneLine(content)) expect(text.endsWith('…')).toBe(true);
      }),
      RUNS,
    );
  });

  it('has the local time, with a space before a day of one digit', () => {
    const line = formatRfc3164(testMessage(syslog, { content: 'text' }), {
      ...origin,
      now: new Date(2026, 10, 2, 3, 4, 5),
    });
    expect(line).toBe('<130>Nov  2 03:04:05 tocsin-1 tocsin: text delivery_id=d1');
  });

  it('has the severity of the level', () => {
    const severities = LEVELS.map(
      (level) => Number(FORM.exec(formatRfc3164(testMessage(syslog, { event: { level } }), origin))?.[1]) & 7,
    );
    expect(Object.fromEntries(LEVELS.map((level, index) => [level, severities[index]]))).toEqual({
      fatal: 2,
      error: 3,
      nodata: 4,
      warning: 4,
      recovered: 5,
      info: 6,
    });
  });

  it('uses localhost if the host has no valid name', () => {
    expect(formatRfc3164(testMessage(syslog), { ...origin, hostname: '主机' })).toContain(' localhost tocsin: ');
  });
});
