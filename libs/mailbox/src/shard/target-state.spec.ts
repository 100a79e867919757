import { expect, it } from 'vitest';
import { type TargetFacts, targetState } from './target-state.js';

const NOW = 1_000_000;
const facts = (over: Partial<TargetFacts>): TargetFacts => ({
  waiting: 1,
  running: 0,
  turn: 'queued',
  why: '',
  until: 0,
  failures: 0,
  heldUntil: 0,
  heldWhy: '',
  ...over,
});

it.each<[string, Partial<TargetFacts>, string, number | undefined]>([
  ['nothing waits', { waiting: 0, turn: '' }, 'idle', undefined],
  ['a turn is called', {}, 'queued', undefined],
  ['no turn is known yet', { turn: '' }, 'queued', undefined],
  ['a turn runs', { turn: 'running' }, 'sending', undefined],
  ['something is in flight though the turn is over', { running: 1, turn: '' }, 'sending', undefined],
  ['it sleeps until the next try', { turn: 'asleep', why: 'retry', until: NOW + 5 }, 'retrying', NOW + 5],
  ['it sleeps for the rate', { turn: 'asleep', why: 'rate', until: NOW + 5 }, 'rate limited', NOW + 5],
  ['it sleeps for the pace of a replay', { turn: 'asleep', why: 'replay', until: NOW + 5 }, 'replaying', NOW + 5],
  ['no worker has room', { turn: 'asleep', why: 'slots', until: NOW + 5 }, 'queued', NOW + 5],
  [
    'its settings cannot be read',
    { turn: 'asleep', why: 'unreadable', until: NOW + 5 },
    'settings unreadable',
    NOW + 5,
  ],
  ['an older version put it to sleep', { turn: 'asleep', until: NOW + 5 }, 'retrying', NOW + 5],
  ['it is overdue', { turn: 'asleep', why: 'retry', until: NOW - 5 }, 'retrying', undefined],
  [
    'it is held',
    { turn: 'asleep', why: 'failing', failures: 5, heldUntil: NOW + 9, heldWhy: 'failing' },
    'failing',
    NOW + 9,
  ],
  ['a probe is in flight', { running: 1, failures: 6, heldUntil: NOW - 1, heldWhy: 'failing' }, 'failing', undefined],
  [
    'it is misconfigured, and nothing waits',
    { waiting: 0, turn: '', failures: 1, heldUntil: NOW - 1, heldWhy: 'misconfigured' },
    'misconfigured',
    undefined,
  ],
  ['it asked to wait', { heldUntil: NOW + 7, heldWhy: 'throttled' }, 'throttled', NOW + 7],
  ['it asked to wait, and has been waited for', { heldUntil: NOW - 1, heldWhy: 'throttled' }, 'queued', undefined],
  ['it failed a few times, and is being tried', { failures: 2, turn: 'running', running: 1 }, 'retrying', undefined],
])('says in a word what goes on: %s', (_, over, state, until) => {
  expect(targetState(facts(over), NOW)).toEqual({ state, until });
});
