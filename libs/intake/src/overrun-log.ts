import type { PolicyOverrun } from '#libs/admission';
import type { Logger } from '#libs/telemetry';

const MINUTE_MS = 60_000;
/** Most entries that are named in a minute; one team may have thousands of costly policies. */
const ENTRIES_MAX = 20;

/** Logs policies whose matching is over the budget of their team: each entry once a minute, and 20 entries at most. */
export function createOverrunLog(
  log: Pick<Logger, 'warn'>,
  now: () => number = () => performance.now(),
): (overrun: PolicyOverrun) => void {
  const named = new Set<string>();
  let unnamed = 0;
  let since = now();
  return (overrun) => {
    if (now() - since >= MINUTE_MS) {
      if (unnamed > 0) log.warn({ overruns: unnamed }, 'further entries of policies were over their budget of work');
      named.clear();
      [unnamed, since] = [0, now()];
    }
    const entry = JSON.stringify([overrun.team, overrun.policy, overrun.entry]);
    if (named.has(entry)) return;
    if (named.size >= ENTRIES_MAX) {
      unnamed += 1;
      return;
    }
    named.add(entry);
    const { message, ...where } = overrun;
    log.warn(
      { ...where, reason: message },
      'an entry of a policy was not evaluated, so the policy did not take the event; use a shorter expression or equal values',
    );
  };
}
