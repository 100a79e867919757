import { expect, it } from 'vitest';
import { noTally } from '#libs/mailbox';
import { type EndpointLine, idleLine, type TargetLine } from '#libs/operations';
import { channelDescription, channelTitle, roughly, targetData, turnName, waitingOf } from './describe-target.js';

const AT = Date.parse('2026-11-20T08:00:00Z');
const target = (over: Partial<TargetLine> = {}): TargetLine => ({
  ...idleLine('e1', 't', 'https://ops.example.com'),
  ...over,
});
const endpoint = (...targets: TargetLine[]): EndpointLine => ({
  endpointId: 'e1',
  endpointName: 'ops',
  team: 'default',
  channel: 'http',
  enabled: true,
  waiting: 0,
  running: 0,
  minute: noTally(),
  hour: { ...noTally(), delivered: 3, suppressed: 1_200 },
  day: noTally(),
  targets,
});
const failing = target({
  waiting: 1_204,
  ready: 1_180,
  retrying: 5,
  behind: 19,
  running: 1,
  waitingSince: AT - 19 * 60_000,
  state: 'failing',
  until: AT + 42_000,
  failures: 17,
  failingSince: AT - 18 * 60_000,
  lastError: 'connect ECONNREFUSED',
});

it('describes the backlog of a target, since when, why and until when', () => {
  expect(turnName(endpoint(), failing)).toBe('ops → https://ops.example.com');
  expect(targetData(endpoint(failing), failing, AT)).toEqual({
    now: 'failing; goes on in 42 s',
    waiting:
      '1,204, the oldest since 2026-11-20T07:41:00Z (19 min): 1,180 ready, 5 waiting for the next try, 19 behind another of the same policy and object',
    beingSent: 1,
    lastError: 'connect ECONNREFUSED',
    failures: '17 in a row, since 2026-11-20T07:42:00Z (18 min)',
    endpointLastHour: '3 delivered, 1,200 suppressed',
    team: 'default',
    endpointId: 'e1',
    targetId: 't',
  });
  expect(waitingOf(target(), AT)).toBe('nothing');
});

it('describes the backlog and the trouble of a channel, which its jobs do not show', () => {
  const endpoints = [endpoint(failing, target()), endpoint(target({ waiting: 2, state: 'rate limited' }))];
  expect(channelTitle('http', endpoints)).toBe('http: 1,206 wait, 1 in trouble');
  expect(channelTitle('http', [])).toBe('http: 0 wait');
  expect(channelDescription(endpoints)).toMatch(/^1,206 deliveries waiting, 1 being sent, at 2 targets\. /);
  expect(channelDescription([])).toMatch(/^No delivery is waiting\. /);
});

it.each([
  [-5, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [200_000_000, '2 d'],
])('shows %i ms in its largest unit', (ms, text) => {
  expect(roughly(ms)).toBe(text);
});
