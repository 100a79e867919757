import { Body, Controller, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Canceller, type PendingDelivery } from '#libs/operations';
import { DeliveryLog } from '#libs/persistence';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { noBody } from '../http/no-body.js';
import { Problem } from '../http/problem.js';
import { type ActQuery, actQuery, type CancelBody, cancelAnswer, cancelBody, cancelExample } from './act.schemas.js';
import { answerOf, isDeliveryId, isGoneOf, noDelivery, orStopped } from './act-answer.js';
import { passes } from './waiting-deliveries.js';

@Section('deliveries')
@Controller('api/v1/deliveries')
export class CancelController {
  constructor(
    @Inject(DeliveryLog) private readonly log: DeliveryLog,
    @Inject(Canceller) private readonly canceller: Canceller,
  ) {}

  @Post('cancel')
  @HttpCode(202)
  @Allow('operate')
  @Describe({
    summary: 'Cancels the waiting deliveries that match all filters',
    description:
      'Deliveries in flight cannot be cancelled, and are skipped. Use `dryRun=true` first. Cancelled deliveries can be replayed.',
    answer: cancelAnswer,
    status: 202,
    errors: [400, 404, 413, 415],
    example: cancelExample,
  })
  async all(
    @Caller() caller: Principal,
    @Query({ schema: actQuery }) query: ActQuery,
    @Body({ schema: cancelBody }) { status, ...filters }: CancelBody,
    @Req() request: FastifyRequest,
  ) {
    const dryRun = query.dryRun === 'true';
    const team = teamScope(caller, filters.team);
    const accept = (delivery: PendingDelivery): boolean =>
      passes(delivery, filters, team) && (status === undefined || delivery.attempts > 0 === (status === 'retrying'));
    const choice = { accept, ...(filters.endpoint !== undefined && { endpointId: filters.endpoint }) };
    const cancelling = this.canceller.all(choice, { dryRun, isGone: isGoneOf(request) });
    return answerOf(await orStopped(cancelling), dryRun);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Allow('operate')
  @ApiBody({ required: false, schema: toOpenApi(noBody, 'input') as object })
  @Describe({
    summary: 'Cancels a waiting delivery',
    description: 'A 409 has the reason: the delivery has ended, or is in flight.',
    answer: cancelAnswer,
    status: 202,
    errors: [400, 404, 409, 413, 415],
    example: { cancelled: 1, skipped: 0, skippedBecause: {} },
  })
  async one(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query({ schema: actQuery }) query: ActQuery,
    @Body({ schema: noBody }) _body: object | undefined,
  ) {
    if (!isDeliveryId(id)) throw noDelivery();
    const dryRun = query.dryRun === 'true';
    const isMine = ({ endpointInfo }: PendingDelivery): boolean =>
      caller.team === null || endpointInfo.team === caller.team;
    const result = await this.canceller.one(id, isMine, { dryRun });
    if (result === 'inFlight') throw cannot('it is being sent right now', 'inFlight');
    if (result !== 'cancelled') throw await this.notWaiting(id, caller.team);
    return answerOf({ cancelled: 1, skipped: 0, because: {} }, dryRun);
  }

  private async notWaiting(id: string, team: string | null): Promise<Problem> {
    const logged = await this.log.get(id, team);
    if (!logged) return noDelivery();
    // A delivery that the log shows as retrying has left its mailbox, and its end will be recorded soon.
    return cannot(logged.status === 'retrying' ? 'it is over' : `it is ${logged.status} already`, 'over');
  }
}

const cannot = (why: string, reason: string): Problem =>
  new Problem(409, `this delivery cannot be cancelled: ${why}`, { facts: { reason } });
