import { Body, Controller, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { findPending, REPLAY_SKIP_WORDS, Replayer } from '#libs/operations';
import { DeliveryLog, type ReplaySource, type WalkFilters } from '#libs/persistence';
import type { RedisClient } from '#libs/redis';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { Problem } from '../http/problem.js';
import { REDIS } from '../injection/injection-keys.js';
import {
  type ActQuery,
  actQuery,
  REPLAYED_BY_DEFAULT,
  type ReplayBody,
  type ReplayOneBody,
  type ReplayOneQuery,
  replayAnswer,
  replayBody,
  replayExample,
  replayOneBody,
  replayOneQuery,
} from './act.schemas.js';
import { answerOf, isDeliveryId, isGoneOf, noDelivery, orStopped } from './act-answer.js';

const PACE =
  'A replay is a new delivery under the old id with `_r1`, `_r2` …; replays follow newer deliveries, at most 50 a second and target.';

@Section('deliveries')
@Controller('api/v1/deliveries')
export class ReplayController {
  constructor(
    @Inject(DeliveryLog) private readonly log: DeliveryLog,
    @Inject(Replayer) private readonly replayer: Replayer,
    @Inject(REDIS) private readonly redis: RedisClient,
  ) {}

  @Post('replay')
  @HttpCode(202)
  @Allow('operate')
  @Describe({
    summary: 'Replays the deliveries that match all filters',
    description: `${PACE} Of a delivery and its replays the newest counts. Use \`dryRun=true\` first. A 503 in the middle has the counts so far; send the request again to continue.`,
    answer: replayAnswer,
    status: 202,
    errors: [400, 404, 413, 415],
    example: replayExample,
  })
  async all(
    @Caller() caller: Principal,
    @Query({ schema: actQuery }) query: ActQuery,
    @Body({ schema: replayBody }) { force = false, team, to, status, ...others }: ReplayBody,
    @Req() request: FastifyRequest,
  ) {
    const dryRun = query.dryRun === 'true';
    const now = new Date();
    const filters = {
      ...others,
      team: teamScope(caller, team),
      status: status ?? REPLAYED_BY_DEFAULT,
      to: to !== undefined && to < now ? to : now,
    } as WalkFilters;
    const replaying = this.replayer.all(this.log.walk(filters), { force, dryRun }, isGoneOf(request));
    return answerOf(await orStopped(replaying), dryRun);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @Allow('operate')
  @ApiBody({ required: false, schema: toOpenApi(replayOneBody, 'input') as object })
  @Describe({
    summary: 'Replays an ended delivery, regardless of its result',
    description: `${PACE} A 409 has the reason and the remedy.`,
    answer: replayAnswer,
    status: 202,
    errors: [400, 404, 409, 413, 415],
    example: { replayed: 1, skipped: 0, skippedBecause: {}, id: '0k2f9q1x00a1b_r1' },
  })
  async one(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query({ schema: replayOneQuery }) query: ReplayOneQuery,
    @Body({ schema: replayOneBody }) body: ReplayOneBody,
  ) {
    const how = { force: body?.force === true || query.force === 'true', dryRun: query.dryRun === 'true' };
    const result = await orStopped(this.replayer.one(await this.find(id, caller.team), how));
    if ('skipped' in result) throw cannot(result.skipped);
    const counts = { replayed: 1, skipped: 0, because: {} };
    return { ...answerOf(counts, how.dryRun), ...(how.dryRun ? {} : { id: result.id }) };
  }

  private async find(id: string, team: string | null): Promise<ReplaySource> {
    if (!isDeliveryId(id)) throw noDelivery();
    const source = await this.log.replaySource(id, team);
    if (source) return source;
    const pending = await findPending(this.redis, id);
    if (pending && (team === null || pending.endpointInfo.team === team)) throw cannot('underWay');
    throw noDelivery();
  }
}

const cannot = (reason: keyof typeof REPLAY_SKIP_WORDS): Problem =>
  new Problem(409, `this delivery cannot be replayed: ${REPLAY_SKIP_WORDS[reason]}`, { facts: { reason } });
