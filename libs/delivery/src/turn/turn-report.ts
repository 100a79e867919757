import { DIED_NAMED_MAX, type TurnResult } from '#libs/contracts';
import type { Settlement } from '#libs/mailbox';

/** The results of a turn. Those that come after it has reported are added to the late results of its target. */
export interface TurnReport {
  readonly result: TurnResult;
  reported: boolean;
}

export const noResult = (): TurnResult => ({
  taken: 0,
  delivered: 0,
  retried: 0,
  dead: 0,
  cancelled: 0,
  inFlight: 0,
  died: [],
});

/** Counts a settled delivery; a dead one is named with the provider's message. */
export function addToResult(result: TurnResult, { id, verdict, tried, reason }: Settlement): void {
  if (verdict === 'delivered') result.delivered += 1;
  else if (verdict === 'again') result.retried += 1;
  else if (verdict === 'released') return;
  else if (verdict === 'cancelled') result.cancelled += 1;
  else {
    result.dead += 1;
    result.words = reason ?? [tried?.code, tried?.message].filter(Boolean).join(': ');
    if (result.died.length < DIED_NAMED_MAX) result.died.push(id);
  }
}
