import type { Mailboxes, TurnEnd } from '#libs/mailbox';
import type { Destination, Destinations } from '../destination/destination.js';
import type { Handover } from '../fallback/hand-over.js';
import type { TurnQueues } from '../queues/turn-queues.js';
import type { Rates } from '../rate/rates.js';
import type { Deliver } from '../send/deliver.js';
import { type ActiveTarget, isGood } from './active-target.js';
import type { ReadClocks } from './message-lease.js';
import type { Slots } from './slots.js';
import type { TurnReport } from './turn-report.js';

/** Length of a turn; after it the other targets of the channel have theirs. */
export const QUANTUM_MS = 1_000;
/** Longest wait of a turn for a target that does not answer quickly. Its later answers request another turn. */
const PATIENCE_MS = 100;
/** Most deliveries of one take. */
export const TAKE_MAX = 50;

/** The dependencies of the stages of a turn. */
export interface TurnDeps {
  mailboxes: Mailboxes;
  queues: TurnQueues;
  destinations: Destinations;
  rates: Rates;
  slots: Slots;
  deliver: Deliver;
  handover: Handover;
  /** A monotonic clock, in milliseconds. */
  now(): number;
  readClocks: ReadClocks;
  sleep(ms: number): Promise<void>;
  /** Called for errors after which a step is repeated, here or by another worker. */
  onError(error: unknown): void;
}

/** The dependencies, and whether the process is stopping. */
export interface StageDeps extends TurnDeps {
  stop: AbortSignal;
}

/** One turn at a target while it runs, and afterwards for its deliveries that are still in flight. */
export interface TurnRun {
  readonly target: ActiveTarget;
  /** Number of the turn's job. */
  readonly job: number;
  readonly destination: Destination;
  /** End of the quantum, on the clock of `now`. */
  readonly endsAt: number;
  readonly report: TurnReport;
}

/** Why the next turn has to wait, and how long; empty if it does not. */
export type TurnWait = Pick<TurnEnd, 'waitMs' | 'why'>;

/** The settings that the turn works with are those of this moment. */
export const isCurrent = (
  { target, destination }: TurnRun,
  { destinations }: Pick<StageDeps, 'destinations'>,
): boolean => destinations.seen(target.ref) === destination.seen;

/** How long the turn may wait for its target (ms). */
export const patienceMs = ({ target, endsAt }: TurnRun, { now }: Pick<StageDeps, 'now'>): number =>
  Math.min(endsAt - now(), isGood(target) ? QUANTUM_MS : PATIENCE_MS);
