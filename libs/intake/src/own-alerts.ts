import type { AlertEvent, Language, SettingsSource } from '#libs/contracts';
import { createEpisodeBook, endingOf, findTroubles, reportTroubles } from '#libs/own-alerts';
import type { Logger } from '#libs/telemetry';
import { type FactsDeps, readFacts } from './own-alert-facts.js';
import { createQuota } from './quota.js';

/** Most own alerts of the installation in a minute. Further ones are reported in the next minute. */
const PER_MINUTE_MAX = 100;
/** A team with hundreds of changing endpoints does not use up the quota of the others. */
const PER_MINUTE_MAX_OF_A_TEAM = 30;
/** Not the name of a team: those have no blank. */
const QUOTA_OF = 'own alerts';

export interface OwnAlertsDeps extends FactsDeps {
  settings: SettingsSource;
  lang: Language;
  /** Takes an event in for a team's policies; rejects while events cannot be taken in. */
  take(event: AlertEvent, team: string): Promise<void>;
  log: Logger;
}

/** A check of Tocsin for trouble, which reports what it finds. Any number of processes may check at the same time. */
export function createOwnAlerts(deps: OwnAlertsDeps): () => Promise<void> {
  const { redis, settings, take, lang, log } = deps;
  const book = createEpisodeBook(redis);
  const quota = createQuota(redis, PER_MINUTE_MAX);
  const quotaOfTeam = createQuota(redis, PER_MINUTE_MAX_OF_A_TEAM);
  const mayReport = async (team: string): Promise<boolean> =>
    (await quotaOfTeam.count(`${QUOTA_OF} ${team}`, 1)) === 0 && (await quota.count(QUOTA_OF, 1)) === 0;
  return async () => {
    const known = settings.current();
    if (!known) return;
    const facts = await readFacts(known, deps);
    await reportTroubles(findTroubles(facts, lang), facts.at, {
      book,
      mayReport,
      take,
      endingOf: (object) => endingOf(object, known.endpoints),
      onReported: (event) => logReported(log, event),
      onRefused: ({ object, level, title }, err) =>
        log.warn(
          { object, level, title, err },
          'an alert about Tocsin itself could not be taken in; it is tried again',
        ),
      lang,
    });
  };
}

/** Logs the alert too, since no policy may take it. */
function logReported(log: Logger, { object, level, title }: AlertEvent): void {
  log[level === 'recovered' ? 'info' : 'warn']({ object, level, title }, 'alert about Tocsin itself');
}
