import type { RedisWatch } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

/** Logs when the append-only file of Redis or its disk begins and ceases to refuse events, and a faulty version once. */
export function logRedisTrouble(watch: RedisWatch, log: Logger): void {
  let known: string | undefined;
  let isFaultLogged = false;
  watch.onLook(() => {
    const fault = watch.versionFault();
    if (fault !== undefined && !isFaultLogged) log.warn({ fault }, 'this version of Redis has a known fault');
    isFaultLogged ||= fault !== undefined;
    const reason = watch.fileTrouble();
    if (reason !== undefined && known === undefined) log.error({ reason }, 'events are refused: the disk of Redis');
    if (reason === undefined && known !== undefined) log.warn('events are taken in again: the disk of Redis is well');
    known = reason;
  });
}
