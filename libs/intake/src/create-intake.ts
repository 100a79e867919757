import { createAdmitter, type PolicyOverrun } from '#libs/admission';
import type { Channel } from '#libs/channels';
import { type Settings, type SettingsSource, within } from '#libs/contracts';
import type { Wake } from '#libs/mailbox';
import { createWriteBarrier, type RedisClient, type RedisWatch } from '#libs/redis';
import { Intake, type IntakeDeps } from './intake.js';
import { createQuota } from './quota.js';

export interface IntakeOptions extends Pick<IntakeDeps, 'count' | 'countRefused'> {
  redis: RedisClient;
  watch: RedisWatch;
  settings: SettingsSource;
  channelOf(type: string): Channel | undefined;
  /** Enqueues turns at targets. */
  wake(wakes: Wake[]): Promise<void>;
  /** Events a minute for each team; 0 for no quota. */
  teamQuota: number;
  /** Reports an entry of a policy whose matching is over the budget of its team. */
  onOverrun?: (overrun: PolicyOverrun) => void;
}

/** Upper bound on waiting for newer settings that an unrouted event may belong to. */
const NEWER_SETTINGS_MS_MAX = 1_000;

/** The intake of a process, over the Redis and the settings of the installation. */
export function createIntake({ channelOf, wake, teamQuota, onOverrun, ...deps }: IntakeOptions): Intake {
  const { redis, settings } = deps;
  const newerSettings = (known: Settings) => readNewer(settings, known);
  return new Intake({
    ...deps,
    admitter: createAdmitter({ redis, channelOf, wake, newerSettings, ...(onOverrun && { onOverrun }) }),
    untilWritten: createWriteBarrier(redis),
    quota: createQuota(redis, teamQuota),
    now: () => new Date(),
  });
}

/** While the database is away, the known settings count. */
async function readNewer(settings: SettingsSource, known: Settings): Promise<Settings> {
  return within(NEWER_SETTINGS_MS_MAX, settings.refresh()).catch(() => settings.current() ?? known);
}
