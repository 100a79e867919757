/**
 * Positions of the fields in a packed record of a delivery; Lua reads `rec[R.key]`. Stored data depends on them, so they
 * never change. Those from `via` on are set only where they say something; before one that is set, missing ones are false
 * or 0.
 */
export const RECORD_FIELDS = {
  event: 1,
  key: 2,
  episode: 3,
  severity: 4,
  created: 5,
  suppressed: 6,
  /** Empty for the only delivery of its push. */
  push: 7,
  /** Number of targets of the push. */
  targets: 8,
  attempts: 9,
  failures: 10,
  /** 1 where an attempt without an answer may have arrived. */
  maybe: 11,
  /** Number of outcome records. */
  revision: 12,
  /** Of a recovery: pushes of the episode that stand at the target. */
  live: 13,
  /** The fallback endpoint that reported the episode; a recovery follows there. */
  via: 14,
  /** When the event was first admitted. */
  born: 15,
  /** The delivery of another endpoint that this one stands in for, as JSON. */
  origin: 16,
  /** The last push of the same episode. */
  follows: 17,
  /** Where some recipients took it: those that are retried and those that were refused, as JSON. */
  earlier: 18,
  /** Where a digest with it was refused: the most deliveries of the next one. */
  together: 19,
  /** 1 where an earlier attempt was confirmed while a later one was in flight; the later one ends the delivery. */
  confirmed: 20,
} as const;

/** Positions of the fields in a claim of Lua; claim.lua packs them more closely. */
export const CLAIM_FIELDS = {
  /** 0 without an open episode. */
  episode: 1,
  /** Time of the last event. */
  seen: 2,
  suppressed: 3,
  /** Dead pushes in a row. */
  dead: 4,
  /** No push before this time, after dead ones. */
  notBefore: 5,
  /** 1 where a recovery has reached nobody. */
  owed: 6,
  /** Pushes of the open episode that did not end dead, by severity. */
  counts: 7,
  /**
   * The last pushes that stand and may hold a push period: name, time and severity of each in a row. They are stored
   * for any period, since it may be made longer.
   */
  holders: 8,
  /** By target: pushes of the open episode that died there but not everywhere. */
  missed: 9,
  /** The fallback endpoint that reported the episode, or nil. */
  via: 10,
} as const;
