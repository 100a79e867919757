import type { RedisClient } from '../connection/connection.js';
import type { Script } from './define-script.js';

/**
 * Runs a script by its hash, and sends its source only where Redis does not know it, after a restart or a failover.
 * @param key routes the call to the node of its hash tag
 */
export async function runScript<Arguments, Answer>(
  redis: RedisClient,
  script: Script<Arguments, Answer>,
  key: string,
  args: Arguments,
): Promise<Answer> {
  const argv = script.encode(args);
  try {
    return script.decode(await redis.evalsha(script.sha, 1, key, ...argv));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return script.decode(await redis.eval(script.source, 1, key, ...argv));
  }
}
