import type { AlertEvent } from './alert-event.js';

/** What became of a delivery. `waiting` and `retrying` are pending; the others are final. */
export const DELIVERY_STATUSES = ['waiting', 'retrying', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a delivery was cancelled. */
export const CANCEL_REASONS = [
  'endpoint deleted',
  'endpoint disabled',
  'target removed',
  'superseded',
  'expired',
  'firing not delivered',
  'by an operator',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/**
 * What happened when a message was sent; a channel reports one of these and decides nothing.
 * delivered: the provider took it. rejected: it refused this message. misconfigured: it refused the credential or
 * address. throttled: it asked to wait. unavailable: it did not take the message, another try may do.
 * unknown: bytes left and no answer came back, so it may or may not have arrived.
 */
export const OUTCOME_KINDS = ['delivered', 'rejected', 'misconfigured', 'throttled', 'unavailable', 'unknown'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface Outcome {
  kind: OutcomeKind;
  /** The provider's own code: an HTTP status, an SMTP reply, an errno. */
  code?: string;
  /** One line for people, free of secrets; required in spirit for everything but `delivered`. */
  message?: string;
  /** The beginning of the provider's answer, free of secrets. */
  excerpt?: string;
  /** How long the provider asked to wait, for `throttled` and `unavailable`. */
  retryAfterMs?: number;
  /** Recipients that were refused although others took the message. */
  partial?: string[];
  /**
   * With kinds that are tried again, and only where other recipients took the message: those for whom it is tried again.
   * The next attempt is told of them, and of `partial`. An attempt in which nobody was answered for leaves them out, and
   * what the one before it said holds on.
   */
  remaining?: string[];
  /**
   * With `delivered`: by what the provider knows the message, where a later message of the same episode can join it. The
   * next messages of the episode at this target are given the first one's, as `thread.receipt`.
   */
  receipt?: string;
}

/** One try, as it is recorded. */
export interface Attempt {
  /** 1 for the first. */
  n: number;
  /** When it began, epoch milliseconds. */
  startedAt: number;
  durationMs: number;
  outcome: OutcomeKind;
  code?: string;
  message?: string;
  excerpt?: string;
}

/** What the settle scripts write to the outcome stream and the recorder turns into rows. */
export interface OutcomeRecord {
  deliveryId: string;
  /** Grows with each record of one delivery, from 1; makes recording idempotent. */
  revision: number;
  status: Exclude<DeliveryStatus, 'waiting'>;
  reason?: string;
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
  /** On a delivery's first record only; the log has it from then on. */
  event?: AlertEvent;
  attempt?: Attempt;
  /** Tries so far. */
  attemptCount: number;
  partial?: string[];
  /** Epoch milliseconds. */
  createdAt: number;
  recordedAt: number;
  nextAttemptAt?: number;
  /** The target's id inside its endpoint. This and what follows never changes over the records of a delivery. */
  targetId?: string;
  /** Which episode of its policy and object it belongs to; 0 for none. */
  episode?: number;
  /** The delivery that it stands in for, at a fallback endpoint. */
  fallbackOf?: string;
  /** The digest in which it was delivered together with others. */
  digest?: string;
}
