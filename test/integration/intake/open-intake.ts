import { channelByType } from '#libs/channels';
import { createIntake, type Intake, type IntakeOptions, type IntakeReport } from '#libs/intake';
import type { Wake } from '#libs/mailbox';
import { createRedis, type RedisClient, type RedisWatch, watchRedis } from '#libs/redis';
import { waitFor } from '../../support/index.js';
import { TestSettings } from '../delivery/world.js';

/** An intake on a real Redis, without HTTP, with what it has reported. */
export interface OpenIntake {
  intake: Intake;
  redis: RedisClient;
  watch: RedisWatch;
  settings: TestSettings;
  wakes: Wake[];
  counted: IntakeReport[];
  refused: string[];
  close(): void;
}

export async function openIntake(redisUrl: string, over: Partial<IntakeOptions> = {}): Promise<OpenIntake> {
  const redis = createRedis({ kind: 'single', url: redisUrl }, 'answer');
  const watch = watchRedis(redis, { allowUnsafe: false });
  const settings = new TestSettings();
  const [wakes, counted, refused]: [Wake[], IntakeReport[], string[]] = [[], [], []];
  const intake = createIntake({
    ...{ redis, watch, settings },
    channelOf: channelByType,
    wake: async (some) => void wakes.push(...some),
    teamQuota: 0,
    count: (report) => counted.push(report),
    countRefused: (reason) => refused.push(reason),
    ...over,
  });
  await waitFor(() => watch.trouble() === undefined, { what: 'the watch to see Redis' });
  const close = (): void => {
    watch.stop();
    redis.disconnect();
  };
  return { intake, redis, watch, settings, wakes, counted, refused, close };
}
