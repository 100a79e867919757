import {
  type CancelReason,
  DELIVERY_ID,
  type DeliveryStatus,
  HISTOGRAM_BOUNDS_MS,
  type OutcomeKind,
} from '#libs/contracts';
import { IN_FLIGHT_LEASE_MS } from './in-flight-lease.js';
import { KEYS } from './keys.js';
import { CLAIM_FIELDS, RECORD_FIELDS } from './packed-fields.js';

/** The states of a target's turn; `full`: the mailbox waits for deliveries in flight, whose settling wakes the next turn. */
export const TURN_STATES = { queued: 'queued', asleep: 'asleep', running: 'running', full: 'full' } as const;
export type TurnState = keyof typeof TURN_STATES;

/** Why a turn sleeps. The first three also say why the health of a target stops sending. */
export const WAIT_REASONS = {
  failing: 'failing',
  misconfigured: 'misconfigured',
  throttled: 'throttled',
  retry: 'retry',
  rate: 'rate',
  slots: 'slots',
  replay: 'replay',
  unreadable: 'unreadable',
} as const;
export type WaitReason = keyof typeof WAIT_REASONS;

/** The health of a target, by its last sends; `new` without any. */
export const HEALTH = { good: 'good', slow: 'slow', failing: 'failing', new: 'new' } as const;
export type TargetHealth = keyof typeof HEALTH;

/** The consequence of an attempt; `released`: nothing was sent, because the in-flight lease had run out. */
export const VERDICTS = {
  delivered: 'delivered',
  again: 'again',
  dead: 'dead',
  cancelled: 'cancelled',
  released: 'released',
} as const;
export type SettleVerdict = keyof typeof VERDICTS;

/** The routes by which an event reaches an endpoint; any but '' excludes a firing event. */
export const GATES = {
  open: '',
  disabled: 'disabled',
  level: 'level',
  silenced: 'silenced',
  former: 'former',
} as const;
export type Gate = (typeof GATES)[keyof typeof GATES];

/** Results of admission. `none`: a recovery by a former link that has nothing to recover. */
export const ADMISSIONS = {
  queued: 'queued',
  duplicate: 'duplicate',
  none: 'none',
  period: 'period',
  frequency: 'frequency',
  recovery: 'recovery',
  disabled: 'disabled',
  level: 'level',
  silenced: 'silenced',
} as const;
export type AdmissionResult = keyof typeof ADMISSIONS;

/** Whether the settings that a turn has seen still hold, have changed, or cannot be read. */
export const SETTINGS_STATES = { current: '', changed: 'changed', unknown: 'unknown' } as const;
export type SettingsState = (typeof SETTINGS_STATES)[keyof typeof SETTINGS_STATES];

/** Why a delivery is not replayed: it or a replay of it is pending, or it reports a state that is over. */
export const REPLAY_REFUSALS = { waiting: 'waiting', ended: 'ended' } as const;
export type ReplayRefusal = keyof typeof REPLAY_REFUSALS;

const STATUSES = {
  retrying: 'retrying',
  delivered: 'delivered',
  dead: 'dead',
  cancelled: 'cancelled',
} as const satisfies Record<string, DeliveryStatus>;

const CANCELLED = {
  expired: 'expired',
  superseded: 'superseded',
  firingNotDelivered: 'firing not delivered',
} as const satisfies Record<string, CancelReason>;

const OUTCOMES = {
  delivered: 'delivered',
  misconfigured: 'misconfigured',
  throttled: 'throttled',
  unavailable: 'unavailable',
  unknown: 'unknown',
} as const satisfies Record<string, OutcomeKind>;

/** How long an endpoint remembers an event id. */
export const SEEN_MS = 3_600_000;

/** Counters of endpoint statistics, in the order in which scripts answer them. */
export const STATISTICS = ['delivered', 'suppressed', 'retried', 'dead', 'cancelled'] as const;

/** The constants that TypeScript and Lua share, by the names that Lua knows them by: `statuses.dead`. */
export const WORDS = {
  keys: KEYS,
  R: RECORD_FIELDS,
  C: CLAIM_FIELDS,
  turnStates: TURN_STATES,
  waitReasons: WAIT_REASONS,
  healths: HEALTH,
  verdicts: VERDICTS,
  gates: GATES,
  admissions: ADMISSIONS,
  settingsStates: SETTINGS_STATES,
  replayRefusals: REPLAY_REFUSALS,
  statuses: STATUSES,
  cancelReasons: CANCELLED,
  outcomes: OUTCOMES,
  deliveryIds: DELIVERY_ID,
  constants: {
    inFlightLeaseMs: IN_FLIGHT_LEASE_MS,
    seenMs: SEEN_MS,
    histogramBoundsMs: HISTOGRAM_BOUNDS_MS,
    statistics: STATISTICS,
  },
};
