import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { findPending } from '#libs/operations';
import {
  type DeliveryDetail,
  type DeliveryFilters,
  type DeliveryItem,
  DeliveryLog,
  decodeCursor,
  encodeCursor,
} from '#libs/persistence';
import type { RedisClient } from '#libs/redis';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { readCursor } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { REDIS } from '../injection/injection-keys.js';
import { deliveryAnswer, deliveryPage, type ListQuery, listQuery } from './delivery.schemas.js';
import { decodeWaitingCursor, toItem, waitingPage } from './waiting-deliveries.js';

@Section('deliveries')
@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(
    @Inject(DeliveryLog) private readonly log: DeliveryLog,
    @Inject(REDIS) private readonly redis: RedisClient,
  ) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'Searches the delivery log, newest first; with status=waiting the mailboxes of an endpoint',
    description:
      'Waiting deliveries are not in the log yet. Their pages have no order. A page may have fewer than `limit`, or none, and still a `nextCursor`, since few waiting deliveries may match the filters.',
    answer: deliveryPage,
    errors: [400],
  })
  async list(@Caller() caller: Principal, @Query({ schema: listQuery }) query: ListQuery) {
    const { limit, cursor, team, ...filters } = query;
    if (query.status === 'waiting') return this.listWaiting(caller, { ...query, endpoint: query.endpoint ?? '' });
    const after = readCursor(cursor, decodeCursor);
    const wanted = { ...filters, team: teamScope(caller, team) } as DeliveryFilters;
    const found = await this.log.find(wanted, limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(shown), nextCursor: found.length > limit && last ? encodeCursor(last) : null };
  }

  private async listWaiting(caller: Principal, query: ListQuery & { endpoint: string }) {
    const from = readCursor(query.cursor, (text) => decodeWaitingCursor(text, query.endpoint));
    return waitingPage(this.redis, query, teamScope(caller, query.team), from);
  }

  @Get(':id')
  @Allow('read')
  @Describe({ summary: 'Shows a delivery with every attempt', answer: deliveryAnswer, errors: [404] })
  async get(@Caller() caller: Principal, @Param('id') id: string) {
    const delivery = /^[\x21-\x7e]{1,200}$/.test(id) ? await this.find(id, caller.team) : undefined;
    if (!delivery) throw new Problem(404, 'there is no delivery with this id');
    return { ...shown(delivery), event: delivery.event, attempts: delivery.attempts.map(shownAttempt) };
  }

  /** In the log, or where it has nothing of it yet, in the mailboxes; what left them meanwhile is in the log. */
  private async find(id: string, team: string | null): Promise<DeliveryDetail | undefined> {
    const logged = await this.log.get(id, team);
    if (logged) return logged;
    const pending = await findPending(this.redis, id);
    if (!pending) return this.log.get(id, team);
    if (team !== null && pending.endpointInfo.team !== team) return undefined;
    return { ...toItem(pending), event: pending.event, attempts: [] };
  }
}

function shown(item: DeliveryItem) {
  const { event: _event, attempts: _attempts, ...rest } = item as DeliveryDetail;
  return rest;
}

function shownAttempt({
  n,
  startedAt,
  durationMs,
  outcome,
  code,
  message,
  excerpt,
}: DeliveryDetail['attempts'][number]) {
  return {
    n,
    startedAt: new Date(startedAt).toISOString(),
    durationMs,
    outcome,
    code: code ?? null,
    message: message ?? null,
    excerpt: excerpt ?? null,
  };
}
