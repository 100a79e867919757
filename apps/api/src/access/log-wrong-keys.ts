import type { WrongKeys } from '#libs/access';
import type { Logger } from '#libs/telemetry';

const EVERY_MS = 60_000;
/** Most clients that are named in a minute; an attack from many addresses would fill the log. */
const CLIENTS_MAX = 20;

/** Logs once a minute which clients sent wrong keys, and how many; never a key. Returns the function that stops it. */
export function logWrongKeys(wrongKeys: WrongKeys, log: Logger, everyMs = EVERY_MS): () => void {
  const report = (): void => {
    const reports = wrongKeys.report();
    for (const { client, ...counts } of reports.slice(0, CLIENTS_MAX)) {
      log.warn({ client, ...counts }, 'wrong API keys were sent from this address; correct or block the sender');
    }
    const clients = reports.length - CLIENTS_MAX;
    if (clients > 0) log.warn({ clients }, 'wrong API keys were sent from further addresses');
  };
  const timer = setInterval(report, everyMs).unref();
  return () => {
    clearInterval(timer);
    report();
  };
}
