import type { FastifyRequest } from 'fastify';
import type { Principal } from '#libs/security';
import type { CarriedEvent, SourceAlert, Webhook } from '#libs/sources';
import type { Logger } from '#libs/telemetry';
import { Problem } from '../http/problem.js';
import type { AlertLeases } from '../leases/alert-leases.js';
import { type Intake, IntakeRefused } from './intake.js';
import { intakeProblem } from './intake-problem.js';
import type { IntakeReport } from './intake-report.js';
import { type ParsedEvent, parseEvent } from './parse-event.js';
import type { ParsedAlert } from './parsed-alert.js';

export interface AlertRequest {
  caller: Principal;
  request: FastifyRequest;
  detail?: boolean;
}

/** A webhook's alerts as they may be taken in. */
export interface ParsedWebhook {
  alerts: ParsedAlert[];
  truncatedAlerts: number;
}

/** Takes alerts of foreign formats in, the way that posted events go. */
export class SourceIntake {
  constructor(
    private readonly intake: Intake,
    private readonly leases: AlertLeases,
    private readonly log: Logger,
  ) {}

  /** @throws Problem where the body is not of the format */
  parse(read: () => Webhook, { caller, request }: AlertRequest): ParsedWebhook {
    try {
      const { alerts, truncatedAlerts } = read();
      if (truncatedAlerts > 0)
        this.log.warn(
          { truncatedAlerts, route: request.routeOptions.url, key: caller.keyName },
          'a sender left alerts out: raise its maximum of alerts a message, for their recoveries may never come',
        );
      return { alerts: alerts.map(parseAlert), truncatedAlerts };
    } catch (error) {
      throw intakeProblem(error, undefined) ?? error;
    }
  }

  /**
   * @param place where the alerts stand in the body, for errors
   * @throws Problem when no promise can be made, or every alert was bad
   */
  async take(
    alerts: readonly ParsedAlert[],
    place: readonly string[],
    { caller, request, detail }: AlertRequest,
  ): Promise<IntakeReport> {
    const source = { team: caller.team, key: caller.keyName };
    const isGone = () => request.raw.socket?.destroyed === true;
    try {
      await this.intake.whileOpen(() => this.leases.keep(source, alerts));
      const report = await this.intake.take(alerts, caller.team, detail ?? false, isGone);
      await this.intake.whileOpen(() => this.leases.end(source, alerts));
      return report;
    } catch (error) {
      throw overload(error) ?? intakeProblem(error, place) ?? error;
    }
  }
}

/** Alertmanager tries again after 5xx alone; what it is told to send later by a 429 it drops. */
function overload(error: unknown): Problem | undefined {
  if (!(error instanceof IntakeRefused) || error.status !== 429) return undefined;
  const headers = { 'retry-after': String(error.retryAfterSeconds) };
  return new Problem(503, error.message, { headers });
}

function parseAlert(alert: SourceAlert): ParsedAlert {
  if (!alert.ok) return { ok: false, tooLarge: false, errors: alert.errors };
  const parsed = parseEvent(alert.event);
  return alert.firingUntilMs === undefined ? parsed : { ...parsed, firingUntilMs: alert.firingUntilMs };
}

/** Errors of the event that a CloudEvent carries are told by their place in it. */
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
