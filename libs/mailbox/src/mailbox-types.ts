import type { AlertEvent, Attempt, CancelReason } from '#libs/contracts';
import type { Wake } from './wake.js';

/** A target on the way through the scripts. */
export interface TargetRef {
  channel: string;
  /** `endpoint.target` */
  target: string;
}

/** What became of the settings that a turn had seen: nothing, or they changed meanwhile, or they cannot be read. */
export type SettingsState = '' | 'changed' | 'unknown';

/** A delivery in the hands of a turn. */
export interface TakenDelivery {
  id: string;
  /** The event as JSON. */
  event: string;
  /** Since its admission. */
  ageMs: number;
  /** Since the event came in: for a replay, longer than its age. */
  delayedByMs: number;
  suppressedCount: number;
  /** Which attempt this is, from 1. */
  attempt: number;
  failures: number;
  /** It took its worker with it when it was in the air alone, after a row of lost turns. */
  endsWorker: boolean;
  /** Of its policy and object; 0 for none. */
  episode: number;
  /** The delivery that told last of the same episode; missing where it is not known. */
  follows?: string;
  /** Where some recipients have taken it: those for whom it is tried again, and those that were refused. */
  earlier?: { remaining: string[]; refused: string[] };
  /** By what the provider knows the first message of its episode. */
  receipt?: string;
  /** Told in the digest, but behind another of its key: it waits on, and is settled only where the digest is delivered. */
  behind?: true;
}

/** How a target's last sends went: well, slowly, not at all; or there were none yet. */
export type TargetHealth = 'good' | 'slow' | 'failing' | 'new';

/** How much may be in flight at a target. */
export interface Capacity {
  standing: TargetHealth;
  inFlightMax: number;
}

export interface TakeResult extends Capacity {
  deliveries: TakenDelivery[];
  /** There is more to look at, although nothing was found to send. */
  more: boolean;
  /** They are to be told in one message. */
  digest: boolean;
}

/** What ends on the way, and how. */
export interface EndpointRules {
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  expireAfterMs: number;
  /** The endpoint that takes what dies; empty where there is none. */
  fallback: string;
  /** False: the endpoint is closed, and all that waits is to be cancelled. */
  open: boolean;
  /** Where more than this can go it is told in digests; 0 or missing: never. */
  digestOver?: number;
}

/** What a delivery's record in the log says of its endpoint. */
export interface EndpointInfo {
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
}

export interface Settlement {
  id: string;
  attempt: number;
  verdict: 'delivered' | 'again' | 'dead' | 'cancelled';
  delayMs?: number;
  failures?: number;
  /** The message may have arrived although no answer came. */
  maybe?: boolean;
  /** The provider said how long to wait. */
  named?: boolean;
  tried?: Attempt;
  reason?: string;
  partial?: string[];
  /** Recipients for whom it is tried again, although others took it. */
  remaining?: string[];
  /** By what the provider knows the message. */
  receipt?: string;
  /** The digest that it was told in, and whether this is the one of it from which the target's health is learned. */
  digest?: { id: string; first: boolean };
  /** The digest was refused: how many may be told together the next time. */
  together?: number;
}

export interface SettleResult extends Capacity {
  wakes: Wake[];
  settled: number;
  /** Recoveries cancelled because their firing was not delivered. */
  cancelled: number;
  /** Deliveries left in the mailbox. */
  left: number;
  /** Of them, ready to be taken. */
  ready: number;
  /** Deliveries are on their way to a fallback endpoint. */
  handedOver: boolean;
}

export interface OverdueTurns {
  wakes: Wake[];
  maybeLost: (TargetRef & { job: number })[];
  /** Prefixes of shards from which something is on its way to a fallback endpoint. */
  handovers: string[];
}

export interface CancelRules {
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  reason: CancelReason;
}

/** A delivery that is over, as the log knows it. */
export interface Replay {
  /** Of the first delivery, whose replays count from 1. */
  baseId: string;
  /** The highest replay that the log knows; 0 where there is none. */
  lastReplay: number;
  event: AlertEvent;
  /** The event as JSON, as it was kept. */
  json: string;
  team: string;
  /** 0 where the log does not know it. */
  episode: number;
  /** When the event came in, epoch milliseconds. */
  cameAt: number;
}

/** `waiting`: the delivery or a replay of it is under way. `ended`: it tells of a state that is over. */
export type ReplayAnswer = { result: 'replayed'; id: string } | { result: 'waiting' | 'ended' };

/** How a turn ends. */
export interface TurnEnd {
  /** The settings that it has seen. */
  seen: string;
  settings: SettingsState;
  /** How long the next turn has to wait although something is ready, and why: its rate, or no slot in this worker. */
  waitMs?: number;
  why?: 'rate' | 'slots';
  /** How old a delivery may become before it is given up. */
  expireAfterMs: number;
  /** The endpoint that takes what dies; empty where there is none. */
  fallback: string;
  /** False: what waits is to be cancelled, whatever holds it back. */
  open: boolean;
}

/** What the scripts do not know by themselves. */
export interface MailboxOptions {
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
  /** From 0 up to but not including 1; spreads the tries of targets that failed together. */
  random?: () => number;
  /** Whether Redis is so full that details of what was delivered are not kept. */
  shedding?: () => boolean;
}

export interface Mailboxes {
  /** Deliveries for this turn; undefined when the turn is not, or no longer, this job's. */
  take(
    ref: TargetRef,
    ask: { job: number; callId: string; max: number },
    rules: EndpointRules,
  ): Promise<TakeResult | undefined>;
  /** Keeps the leases of what is still being sent. */
  renewLeases(ref: TargetRef, ids: readonly string[]): Promise<void>;
  settle(ref: TargetRef, settlements: readonly Settlement[], rules: EndpointRules): Promise<SettleResult>;
  /** Ends the turn; the next one to add, if there is to be one. */
  endTurn(ref: TargetRef, job: number, end: TurnEnd): Promise<{ job: number; delayMs: number } | undefined>;
  /** Overdue turns of some channels: those to add at once, and those of which only the queue knows whether they are lost. */
  overdueTurns(channels: readonly string[]): Promise<OverdueTurns>;
  /** A new turn in place of one whose job is lost. */
  revive(ref: TargetRef, job: number): Promise<Wake[]>;
  /** The sleeping turns, and under which settings of their endpoint they fell asleep. */
  sleepingTurns(): Promise<(TargetRef & { seen: string })[]>;
  /** Settings have changed: what waits for its next try need not wait, and a sleeping turn looks again. */
  resume(ref: TargetRef): Promise<Wake[]>;
  /** Ends deliveries that wait; not those in flight. */
  cancel(ref: TargetRef, ids: readonly string[], rules: CancelRules): Promise<{ wakes: Wake[]; cancelled: string[] }>;
  /**
   * Puts deliveries that are over into their mailbox once more, to go out at a bounded pace behind what is new.
   * @param force also what tells of a state that is over: a firing whose episode has ended, a recovery of what fires again
   * @param dryRun answers the same, and changes nothing
   * @returns for each the new delivery's id, or why there is none
   */
  replay(
    ref: TargetRef,
    items: readonly Replay[],
    how: { endpointInfo: EndpointInfo; pushPeriodMs: number; force: boolean; dryRun?: boolean },
  ): Promise<{ wakes: Wake[]; answers: ReplayAnswer[] }>;
}
