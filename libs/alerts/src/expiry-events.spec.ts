import { expect, it } from 'vitest';
import { alertEventSchema, LANGUAGES } from '#libs/contracts';
import { recoveryOf, silenceEvent, speaksEvent } from './lease-events.js';

const source = { team: 'default', key: 'prometheus of the north' };
const at = new Date('2026-11-20T08:00:00Z');
const lease = {
  id: 'AbCdEfGhIjKlMnOp',
  score: '1790000000000.46875',
  endedAt: 1_790_000_000_000,
  alert: { policy: 'DiskFull', object: 'host-1#0f8c2a77', labels: { instance: 'host-1' } },
};
const silence = { silence: '1790000000000', leases: 12, of: 20 };

it.each(LANGUAGES)('events about leases are such as may be posted, in %s', (lang) => {
  for (const event of [
    recoveryOf(source, lease, at, lang),
    silenceEvent(source, silence, at, lang),
    speaksEvent(source, silence.silence, at, lang),
  ])
    expect(alertEventSchema.parse(event)).toEqual(event);
});

it('a recovery says that its alert is no longer reported, and has the id of its run-out', () => {
  const recovery = recoveryOf(source, lease, at, 'en');
  expect(recovery).toMatchObject({ ...lease.alert, level: 'recovered', endsAt: at.toISOString() });
  expect(recovery.content).toContain('no longer reported');
  expect(recoveryOf(source, lease, new Date(), 'en').id).toBe(recovery.id);
  expect(recoveryOf(source, { ...lease, score: '1790000060000.46875' }, at, 'en').id).not.toBe(recovery.id);
});

it('a silence is nodata of the policy tocsin about the key, and is recovered from', () => {
  const about = {
    policy: 'tocsin',
    object: 'prometheus of the north',
    labels: { kind: 'source', source: 'prometheus of the north' },
  };
  const silent = silenceEvent(source, silence, at, 'en');
  expect(silent).toMatchObject({ ...about, level: 'nodata', content: expect.stringContaining('12 of the 20') });
  expect(speaksEvent(source, silence.silence, at, 'en')).toMatchObject({ ...about, level: 'recovered' });
});
