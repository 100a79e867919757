import type { WaitReason } from './words.js';

/**
 * States of a target, the worst first.
 * misconfigured: it refuses its credential or address. settings unreadable: no worker can read them. failing: it failed
 * several times in a row, and gets single probes. throttled: it asked to wait. retrying: the last sends failed, and are
 * retried. rate limited: the next send would exceed the rate. replaying: replays are sent at a bounded pace. queued: its
 * turn waits for a worker. sending: a turn is running. idle: no delivery waits.
 */
export const TARGET_STATES = [
  'misconfigured',
  'settings unreadable',
  'failing',
  'throttled',
  'retrying',
  'rate limited',
  'replaying',
  'queued',
  'sending',
  'idle',
] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/** The turn of a mailbox and the health of its target, as inspect.lua reports them. */
export interface TargetFacts {
  waiting: number;
  running: number;
  /** queued | asleep | running, or empty where no turn is known. */
  turn: string;
  /** Why the turn is asleep. */
  why: string;
  /** When it wakes, epoch milliseconds. */
  until: number;
  /** Consecutive failures. */
  failures: number;
  /** Until when nothing is sent to the target, and why. */
  heldUntil: number;
  heldWhy: string;
}

const ASLEEP: Readonly<Record<WaitReason, TargetState>> & Readonly<Record<string, TargetState>> = {
  retry: 'retrying',
  rate: 'rate limited',
  // Workers are busy with others.
  slots: 'queued',
  failing: 'failing',
  misconfigured: 'misconfigured',
  throttled: 'throttled',
  replay: 'replaying',
  unreadable: 'settings unreadable',
};

/** The state of a target, and until when it lasts where that is known. */
export function targetState(facts: TargetFacts, now: number): { state: TargetState; until: number | undefined } {
  const { waiting, running, turn, why, until, failures, heldUntil, heldWhy } = facts;
  const future = (at: number) => (at > now ? at : undefined);
  const held = ASLEEP[heldWhy];
  // A target that is probed is no better until a probe succeeds.
  if (held !== undefined && (heldUntil > now || (failures > 0 && held !== 'throttled')))
    return { state: held, until: future(Math.max(heldUntil, turn === 'asleep' ? until : 0)) };
  if (waiting + running === 0) return { state: 'idle', until: undefined };
  // One that hangs is being sent to all the time, and nothing gets there.
  if (failures > 0 && turn !== 'asleep') return { state: 'retrying', until: undefined };
  if (running > 0 || turn === 'running') return { state: 'sending', until: undefined };
  if (turn === 'asleep') return { state: ASLEEP[why] ?? 'retrying', until: future(until) };
  return { state: 'queued', until: undefined };
}
