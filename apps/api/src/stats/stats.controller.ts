import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Channel } from '#libs/channels';
import { type EndpointLine, readOverview, type TargetLine } from '#libs/operations';
import type { RedisClient } from '#libs/redis';
import type { Principal } from '#libs/security';
import { SettingsReload } from '#libs/settings';
import { Allow, Caller } from '../access/allow.js';
import { teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { unavailable } from '../http/problem.js';
import { CHANNELS, REDIS } from '../injection/injection-keys.js';
import { type StatsQuery, statsAnswer, statsExample, statsQuery } from './stats.schemas.js';

@Section('stats')
@Controller('api/v1/stats')
export class StatsController {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(SettingsReload) private readonly settings: SettingsReload,
    @Inject(CHANNELS) private readonly channels: readonly Channel[],
  ) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'Shows the backlog of each target, since when and why, and the counts of the last minute, hour and day',
    description: 'Present numbers from Redis, without the database. Targets in trouble come first.',
    answer: statsAnswer,
    errors: [400],
    example: statsExample,
  })
  async stats(@Caller() caller: Principal, @Query({ schema: statsQuery }) { team }: StatsQuery) {
    const scope = teamScope(caller, team);
    const settings = this.settings.current();
    if (!settings) throw unavailable('no settings could be read from the database yet');
    const { at, channels, endpoints } = await readOverview(this.redis, settings, this.channels, scope);
    return { at: new Date(at).toISOString(), channels, endpoints: endpoints.map(shownEndpoint) };
  }
}

const shownEndpoint = ({ targets, ...rest }: EndpointLine) => ({ ...rest, targets: targets.map(shownTarget) });

/** In the order in which people read it. */
function shownTarget({ target, targetId, waiting, ready, retrying, replaying, behind, running, ...rest }: TargetLine) {
  const { waitingSince, state, until, failures, failingSince, lastError } = rest;
  return {
    target,
    targetId,
    waiting,
    ready,
    retrying,
    replaying,
    behind,
    running,
    waitingSince: timeOf(waitingSince),
    state,
    until: timeOf(until),
    failures,
    failingSince: timeOf(failingSince),
    lastError: lastError ?? null,
  };
}

const timeOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
