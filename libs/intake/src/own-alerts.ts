import type { AlertEvent, SettingsSource } from '#libs/contracts';
import { createEpisodeBook, tellTroubles } from '#libs/own-alerts';
import type { Logger } from '#libs/telemetry';
import { createQuota } from '../ingest/quota.js';
import { endingOf, type ObserveParts, observe } from './observe.js';

/** Whatever happens, no more is told in a minute; what is left is told in the next. */
const TOLD_PER_MINUTE_MAX = 100;
/** A team whose endpoints come and go by the hundred does not keep others from hearing of theirs. */
const TOLD_PER_MINUTE_MAX_OF_A_TEAM = 30;
/** No team's key has a blank. */
const QUOTA_OF = 'own alerts';

export interface OwnAlertsParts extends ObserveParts {
  settings: SettingsSource;
  /** Takes an event in for a team's policies; rejects while that cannot be. */
  take(event: AlertEvent, team: string): Promise<void>;
  log: Logger;
}

/** Looks once whether anything about Tocsin itself has to be told, and tells it. Any number may do so at once. */
export function createOwnAlerts(parts: OwnAlertsParts): () => Promise<void> {
  const { redis, settings, take, lang, log } = parts;
  const book = createEpisodeBook(redis);
  const quota = createQuota(redis, TOLD_PER_MINUTE_MAX);
  const quotaOfTeam = createQuota(redis, TOLD_PER_MINUTE_MAX_OF_A_TEAM);
  const mayTell = async (team: string): Promise<boolean> =>
    (await quotaOfTeam.count(`${QUOTA_OF} ${team}`, 1)) === 0 && (await quota.count(QUOTA_OF, 1)) === 0;
  return async () => {
    const known = settings.current();
    if (!known) return;
    const { at, troubles } = await observe(known, parts);
    await tellTroubles(troubles, at, {
      book,
      mayTell,
      take,
      endingOf: (object) => endingOf(object, known.endpoints),
      onTold: (event) => tellLog(log, event),
      onRefused: ({ object, level, title }, err) =>
        log.warn({ object, level, title, err }, 'an alert about Tocsin itself waits to be taken in'),
      lang,
    });
  };
}

/** Nobody may have linked the policy. */
function tellLog(log: Logger, { object, level, title }: AlertEvent): void {
  log[level === 'recovered' ? 'info' : 'warn']({ object, level, title }, 'alert about Tocsin itself');
}
