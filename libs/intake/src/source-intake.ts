import type { CarriedEvent, SourceAlert } from '#libs/sources';
import { type AlertExpiry, endedAlerts, firingAlerts, type ParsedAlert } from './alert-expiry.js';
import type { Intake, TakeOptions } from './intake.js';
import type { IntakeReport } from './intake-report.js';
import { type ParsedEvent, parseEvent } from './parse-event.js';

export interface SourceOptions extends Omit<TakeOptions, 'terms'> {
  /** The API key that reports the alerts. */
  key: string;
}

/** Takes in alerts of sources, which may say until when they fire. */
export class SourceIntake {
  constructor(
    private readonly intake: Intake,
    private readonly expiry: AlertExpiry,
  ) {}

  /** @throws IntakeRefused if no promise can be made, NothingAccepted if every alert was rejected, SenderGone */
  async take(alerts: readonly ParsedAlert[], { key, ...options }: SourceOptions): Promise<IntakeReport> {
    const reporter = { team: options.team, key };
    const [firing, ended] = [firingAlerts(alerts), endedAlerts(alerts)];
    if (firing.length > 0) await this.intake.whileOpen(() => this.expiry.record(reporter, firing));
    const report = await this.intake.take(alerts, options);
    if (ended.length > 0) await this.intake.whileOpen(() => this.expiry.end(reporter, ended));
    return report;
  }
}

export function parseAlert(alert: SourceAlert): ParsedAlert {
  if (!alert.ok) return { ok: false, tooLarge: false, errors: alert.errors };
  const parsed = parseEvent(alert.event);
  return alert.firingUntilMs === undefined ? parsed : { ...parsed, firingUntilMs: alert.firingUntilMs };
}

/** Errors of the event that a CloudEvent carries are reported under `data`. */
export function parseCarried(carried: CarriedEvent): ParsedEvent {
  if (!carried.ok) return { ok: false, tooLarge: false, errors: carried.errors };
  const parsed = parseEvent(carried.event);
  if (parsed.ok) return parsed;
  const errors = parsed.errors.map(({ path, message }) => ({
    path: path === 'id' || path === '' ? 'data' : `data.${path}`,
    message,
  }));
  return { ...parsed, errors };
}
