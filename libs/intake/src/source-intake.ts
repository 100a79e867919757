import type { ReadAlert, Reading } from '#libs/sources';
import type { Logger } from '#libs/telemetry';
import { type AlertExpiry, endedAlerts, firingAlerts, type ParsedAlert } from './alert-expiry.js';
import { inTurns } from './in-turns.js';
import type { Intake, TakeOptions } from './intake.js';
import type { IntakeReport } from './intake-report.js';
import { parseEvent } from './parse-event.js';

export interface SourceOptions extends Omit<TakeOptions, 'terms'> {
  /** Type of the source, for logs. */
  source: string;
  /** The API key that reports the alerts. */
  key: string;
}

/** Takes in alerts of sources, which may say until when they fire. */
export class SourceIntake {
  constructor(
    private readonly intake: Intake,
    private readonly expiry: AlertExpiry,
    private readonly log: Logger,
  ) {}

  /** @throws IntakeRefused if no promise can be made, NothingAccepted if every alert was rejected, SenderGone */
  async take(reading: Reading, { source, key, ...options }: SourceOptions): Promise<IntakeReport> {
    const { truncatedAlerts = 0 } = reading;
    if (truncatedAlerts > 0)
      this.log.warn(
        { truncatedAlerts, source, key },
        'a sender left alerts out: raise its maximum of alerts in a message, since their recoveries may never arrive',
      );
    const reporter = { team: options.team, key };
    const alerts = await parseAlerts(reading);
    const [firing, ended] = [firingAlerts(alerts), endedAlerts(alerts)];
    if (firing.length > 0) await this.intake.whileOpen(() => this.expiry.record(reporter, firing));
    const report = await this.intake.take(alerts, options);
    if (ended.length > 0) await this.intake.whileOpen(() => this.expiry.end(reporter, ended));
    return report;
  }
}

async function parseAlerts({ alerts, eventField }: Reading): Promise<ParsedAlert[]> {
  const parsed: ParsedAlert[] = [];
  for await (const alert of inTurns(Iterator.from(alerts).map((read) => parseAlert(read, eventField))))
    parsed.push(alert);
  return parsed;
}

/** Checks the event of an alert. @param eventField field of the alert that holds the event, for the paths of errors */
export function parseAlert(alert: ReadAlert, eventField?: string): ParsedAlert {
  if (!alert.ok) return { ok: false, tooLarge: false, errors: alert.errors };
  const parsed = parseEvent(alert.event);
  if (parsed.ok) return alert.firingUntilMs === undefined ? parsed : { ...parsed, firingUntilMs: alert.firingUntilMs };
  if (eventField === undefined) return parsed;
  const errors = parsed.errors.map(({ path, message }) => ({
    path: path === '' ? eventField : `${eventField}.${path}`,
    message,
  }));
  return { ...parsed, errors };
}
