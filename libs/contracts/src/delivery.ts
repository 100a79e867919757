import type { AlertEvent } from './alert-event.js';

/** Status of a delivery. `waiting` and `retrying` are pending; the others are final. */
export const DELIVERY_STATUSES = ['waiting', 'retrying', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Reasons for which a delivery is cancelled. */
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
 * Outcome of one attempt. A channel reports it; the settle table decides what follows.
 * delivered: the provider accepted the message. rejected: it refused this message. misconfigured: it refused the
 * credential or the address. throttled: it asked to wait. unavailable: it did not accept the message; a retry may
 * succeed. unknown: bytes were sent and no answer came back, so the message may have arrived.
 */
export const OUTCOME_KINDS = ['delivered', 'rejected', 'misconfigured', 'throttled', 'unavailable', 'unknown'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface Outcome {
  kind: OutcomeKind;
  /** The provider's own code: an HTTP status, an SMTP reply, an errno. */
  code?: string;
  /** One line for people, without secrets; present for every kind except `delivered`. */
  message?: string;
  /** Beginning of the provider's answer, without secrets. */
  excerpt?: string;
  /** Time the provider asked to wait, for `throttled` and `unavailable`. */
  retryAfterMs?: number;
  /** Recipients that the provider refused while it accepted others. */
  partial?: string[];
  /**
   * Recipients to retry, with kinds that are retried, when the provider accepted others. The next attempt receives this
   * list and `partial`. An attempt without an answer for any recipient leaves both out; the previous lists remain.
   */
  remaining?: string[];
  /**
   * With `delivered`: the provider's id of the message, if a later message of the episode can join it. The next messages
   * of the episode at this target receive the first one as `thread.receipt`.
   */
  receipt?: string;
}

/** One attempt, as the delivery log stores it. */
export interface Attempt {
  /** 1 for the first. */
  n: number;
  /** Start, in epoch milliseconds. */
  startedAt: number;
  durationMs: number;
  outcome: OutcomeKind;
  code?: string;
  message?: string;
  excerpt?: string;
}

/** Entry of the outcome stream: the settle scripts write it, the recorder stores it in the delivery log. */
export interface OutcomeRecord {
  deliveryId: string;
  /** Number of the record within its delivery, from 1; makes recording idempotent. */
  revision: number;
  status: Exclude<DeliveryStatus, 'waiting'>;
  reason?: string;
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
  /** Only in the first record of a delivery; the log keeps it from then on. */
  event?: AlertEvent;
  attempt?: Attempt;
  /** Attempts so far. */
  attemptCount: number;
  partial?: string[];
  /** Epoch milliseconds. */
  createdAt: number;
  recordedAt: number;
  nextAttemptAt?: number;
  /** Id of the target within its endpoint. This and the fields below are the same in all records of a delivery. */
  targetId?: string;
  /** Number of the episode of its policy and object; 0 for none. */
  episode?: number;
  /** At a fallback endpoint: id of the delivery it replaces. */
  fallbackOf?: string;
  /** Id of the digest in which it was delivered. */
  digest?: string;
}
