import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { parseUnroutedId, readUnrouted } from '#libs/intake';
import type { RedisClient } from '#libs/redis';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { oneTeam } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { pageOf, pageQuery, readCursor, teamQuery } from '../http/paging.js';
import { REDIS } from '../injection/injection-keys.js';

const listQuery = z.strictObject({ ...pageQuery, team: teamQuery });
type ListQuery = z.output<typeof listQuery>;

const unroutedAnswer = z
  .object({
    id: z.string(),
    receivedAt: z.iso.datetime().nullable(),
    event: z.record(z.string(), z.unknown()).nullable().meta({ description: 'the event; long ones are shortened' }),
  })
  .meta({ id: 'UnroutedEvent' });

@Section('unrouted')
@Controller('api/v1/unrouted')
export class UnroutedController {
  constructor(@Inject(REDIS) private readonly redis: RedisClient) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'Lists the last events that no policy took, newest first',
    answer: pageOf(unroutedAnswer),
    errors: [400],
  })
  async list(@Caller() caller: Principal, @Query({ schema: listQuery }) query: ListQuery) {
    const before = readCursor(query.cursor, parseUnroutedId);
    const found = await readUnrouted(this.redis, oneTeam(caller, query.team), query.limit + 1, before);
    const items = found.slice(0, query.limit);
    return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  }
}
