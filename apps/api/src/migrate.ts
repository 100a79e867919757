import { setTimeout as sleep } from 'node:timers/promises';
import { channels } from '#libs/channels';
import { type Config, loadConfig } from '#libs/config';
import { isAway, migrate } from '#libs/persistence';
import { createSecretBox, createUnboundOpener } from '#libs/security';
import { bindSecrets, createChannelKinds } from '#libs/settings';
import { createLogger } from '#libs/telemetry';

const WAIT_MS = 30_000;
const RETRY_MS = 500;

const config = loadConfig();
const log = createLogger('migrate', config.logLevel);

/** Migrates as soon as the server answers. */
async function migrateWhenThere(url: string): Promise<string[]> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await migrate(url);
    } catch (error) {
      if (!isAway(error) || performance.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Seals secrets of an earlier version again, bound to their row and field. Needs the key. */
async function bindStored(url: string, { secretKey, platform }: Config): Promise<void> {
  if (secretKey === undefined) {
    log.warn(
      'TOCSIN_SECRET_KEY is not set: secrets that an earlier version stored stay unreadable until migrate runs with it',
    );
    return;
  }
  const kinds = createChannelKinds(channels, platform);
  const { bound, unreadable } = await bindSecrets(url, {
    kinds,
    box: createSecretBox(secretKey),
    openUnbound: createUnboundOpener(secretKey),
  });
  if (bound > 0) log.info({ bound }, 'secrets of endpoints were sealed again');
  if (unreadable.length > 0)
    log.warn({ unreadable }, 'secrets of endpoints cannot be read with this TOCSIN_SECRET_KEY');
}

try {
  if (config.databaseUrl === undefined) throw new Error('DATABASE_URL must be set (npm start sets it by itself)');
  const ran = await migrateWhenThere(config.databaseUrl);
  await bindStored(config.databaseUrl, config);
  log.info({ ran }, ran.length > 0 ? 'the database was migrated' : 'the database was up to date');
} catch (error) {
  log.error({ err: error }, 'the database could not be migrated');
  process.exitCode = 1;
}
