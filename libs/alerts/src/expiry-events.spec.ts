import { expect, it } from 'vitest';
import { alertEventSchema, LANGUAGES } from '#libs/contracts';
import { recoveryOf } from './expiry-events.js';
import { outageEvent, outageOverEvent } from './outage.js';

const reporter = { team: 'default', key: 'prometheus of the north' };
const at = new Date('2026-11-20T08:00:00Z');
const expired = {
  id: 'AbCdEfGhIjKlMnOp',
  score: '1790000000000.46875',
  expiredAt: 1_790_000_000_000,
  alert: { policy: 'DiskFull', object: 'host-1#0f8c2a77', labels: { instance: 'host-1' } },
};
const outage = { outage: '1790000000000', held: 12, of: 20 };

it.each(LANGUAGES)('events about expiry pass the event schema, in %s', (lang) => {
  for (const event of [
    recoveryOf(reporter, expired, at, lang),
    outageEvent(reporter, outage, at, lang),
    outageOverEvent(reporter, outage.outage, at, lang),
  ])
    expect(alertEventSchema.parse(event)).toEqual(event);
});

it('a recovery says that its alert is no longer reported, and its id belongs to one expiry', () => {
  const recovery = recoveryOf(reporter, expired, at, 'en');
  expect(recovery).toMatchObject({ ...expired.alert, level: 'recovered', endsAt: at.toISOString() });
  expect(recovery.content).toContain('no longer reported');
  expect(recoveryOf(reporter, expired, new Date(), 'en').id).toBe(recovery.id);
  expect(recoveryOf(reporter, { ...expired, score: '1790000060000.46875' }, at, 'en').id).not.toBe(recovery.id);
});

it('an outage is nodata of the policy tocsin about the key, and recovers', () => {
  const about = {
    policy: 'tocsin',
    object: 'prometheus of the north',
    labels: { kind: 'source', source: 'prometheus of the north' },
  };
  const out = outageEvent(reporter, outage, at, 'en');
  expect(out).toMatchObject({ ...about, level: 'nodata', content: expect.stringContaining('12 of the 20') });
  expect(outageOverEvent(reporter, outage.outage, at, 'en')).toMatchObject({ ...about, level: 'recovered' });
});
