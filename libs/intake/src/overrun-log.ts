import type { PolicyOverrun } from '#libs/admission';
import type { Logger } from '#libs/telemetry';

const MINUTE_MS = 60_000;
/** Most entries of a team that are named in a minute: it may have thousands of costly policies. */
const ENTRIES_MAX = 20;

/** Entries of a team within a minute. */
interface TeamOverruns {
  named: Set<string>;
  /** Number of overruns of entries beyond those. */
  unnamed: number;
}

/**
 * Logs policies whose matching is over the budget of their team: each entry once a minute, and 20 entries of a team at most,
 * so that no team keeps another's from being named.
 */
export function createOverrunLog(
  log: Pick<Logger, 'warn'>,
  now: () => number = () => performance.now(),
): (overrun: PolicyOverrun) => void {
  const teams = new Map<string, TeamOverruns>();
  let since = now();

  function beginMinute(): void {
    for (const [team, { unnamed }] of teams) {
      if (unnamed > 0)
        log.warn({ team, overruns: unnamed }, 'further entries of policies were over their budget of work');
    }
    teams.clear();
    since = now();
  }

  return ({ message, ...where }) => {
    if (now() - since >= MINUTE_MS) beginMinute();
    const overruns = teams.get(where.team) ?? { named: new Set(), unnamed: 0 };
    teams.set(where.team, overruns);
    const entry = JSON.stringify([where.policy, where.entry]);
    if (overruns.named.has(entry)) return;
    if (overruns.named.size >= ENTRIES_MAX) {
      overruns.unnamed += 1;
      return;
    }
    overruns.named.add(entry);
    log.warn(
      { ...where, reason: message },
      'an entry of a policy was not evaluated, so the policy did not take the event; use a shorter expression or equal values',
    );
  };
}
