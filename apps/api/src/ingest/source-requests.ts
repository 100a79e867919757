import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IntakeRefused, type IntakeReport, type ParsedAlert, parseAlert, SourceIntake } from '#libs/intake';
import type { Principal } from '#libs/security';
import type { Webhook } from '#libs/sources';
import type { Logger } from '#libs/telemetry';
import { LOG } from '../tokens.js';
import { intakeProblem, refusal } from './intake-problem.js';
import { isGone } from './is-gone.js';

export interface AlertRequest {
  caller: Principal;
  request: FastifyRequest;
  detail?: boolean;
}

/** The HTTP requests of sources. */
@Injectable()
export class SourceRequests {
  constructor(
    @Inject(SourceIntake) private readonly intake: SourceIntake,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @throws Problem if the body is of another format */
  parse(read: () => Webhook, { caller, request }: AlertRequest): { alerts: ParsedAlert[]; truncatedAlerts: number } {
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
   * @param place path of the alerts in the body, for errors
   * @throws Problem if no promise can be made, or every alert was rejected
   */
  async take(
    alerts: readonly ParsedAlert[],
    place: readonly string[],
    { caller, request, detail = false }: AlertRequest,
  ): Promise<IntakeReport> {
    const options = { team: caller.team, key: caller.keyName, detail, isGone: isGone(request) };
    try {
      return await this.intake.take(alerts, options);
    } catch (error) {
      // Alertmanager retries after 5xx only; it drops alerts after 429.
      if (error instanceof IntakeRefused) throw refusal(error, 503);
      throw intakeProblem(error, place) ?? error;
    }
  }
}
