import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#libs/config';
import { isAway, migrate } from '#libs/persistence';
import { createLogger } from '#libs/telemetry';

const WAIT_MS = 30_000;
const RETRY_MS = 500;

const config = loadConfig();
const log = createLogger('migrate', config.logLevel);

/** Migrates as soon as the server answers. */
async function migrateWhenThere(url: string): Promise<string[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      return await migrate(url);
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

try {
  if (config.databaseUrl === undefined) throw new Error('DATABASE_URL must be set (npm start sets it by itself)');
  const ran = await migrateWhenThere(config.databaseUrl);
  log.info({ ran }, ran.length > 0 ? 'the tables are up to date now' : 'the tables were up to date');
} catch (error) {
  log.error({ err: error }, 'the tables could not be brought up to date');
  process.exitCode = 1;
}
