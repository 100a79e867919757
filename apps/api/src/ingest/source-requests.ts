import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IntakeRefused, type IntakeReport, SourceIntake } from '#libs/intake';
import type { Principal } from '#libs/security';
import type { Reading, Source } from '#libs/sources';
import { badRequest, type Problem } from '../http/problem.js';
import { intakeProblem, REFUSAL_STATUS, refusal, rejectionErrors } from './intake-problem.js';
import { isGone } from './is-gone.js';

export type SourceReport = IntakeReport & { truncatedAlerts?: number };

/** Answers the requests of all sources. */
@Injectable()
export class SourceRequests {
  constructor(@Inject(SourceIntake) private readonly intake: SourceIntake) {}

  /** @throws Problem if the body is of another format, no promise can be made, or too many alerts were rejected */
  async take(
    source: Source,
    { caller, request, detail }: { caller: Principal; request: FastifyRequest; detail: boolean },
  ): Promise<SourceReport | undefined> {
    let reading: Reading | undefined;
    try {
      reading = source.read(request, Date.now());
      const from = { source: source.type, key: caller.keyName, team: caller.team };
      const report = await this.intake.take(reading, { ...from, detail, isGone: isGone(request) });
      return source.http.answer === 'empty' ? requireAll(report, reading) : withTruncated(report, reading);
    } catch (error) {
      throw problemOf(error, source, reading) ?? error;
    }
  }
}

/** @throws Problem if any alert was rejected */
function requireAll({ rejected }: IntakeReport, { place }: Reading): undefined {
  if (rejected.length > 0) throw badRequest(rejectionErrors(rejected, place), { rejected });
}

const withTruncated = (report: IntakeReport, { truncatedAlerts = 0 }: Reading): SourceReport =>
  truncatedAlerts > 0 ? { ...report, truncatedAlerts } : report;

function problemOf(error: unknown, { http }: Source, reading: Reading | undefined): Problem | undefined {
  if (!(error instanceof IntakeRefused)) return intakeProblem(error, reading?.place);
  return refusal(error, error.reason === 'over quota' ? http.overQuota : REFUSAL_STATUS[error.reason]);
}
