import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  type DeliveryDetail,
  type DeliveryFilters,
  type DeliveryItem,
  DeliveryLog,
  decodeCursor,
  encodeCursor,
} from '#libs/persistence';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { readCursor } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { DELIVERY_LOG } from '../tokens.js';
import { deliveryAnswer, deliveryPage, type ListQuery, listQuery } from './delivery.schemas.js';

@Section('deliveries')
@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(DELIVERY_LOG) private readonly log: DeliveryLog) {}

  @Get()
  @Allow('read')
  @Describe({ summary: 'Searches the delivery log, newest first', answer: deliveryPage, errors: [400] })
  async list(@Caller() caller: Principal, @Query({ schema: listQuery }) query: ListQuery) {
    const { limit, cursor, team, ...filters } = query;
    const after = readCursor(cursor, decodeCursor);
    const wanted = { ...filters, team: teamScope(caller, team) } as DeliveryFilters;
    const found = await this.log.find(wanted, limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(shown), nextCursor: found.length > limit && last ? encodeCursor(last) : null };
  }

  @Get(':id')
  @Allow('read')
  @Describe({ summary: 'Shows a delivery with every attempt', answer: deliveryAnswer, errors: [404] })
  async get(@Caller() caller: Principal, @Param('id') id: string) {
    const delivery = /^[\x21-\x7e]{1,200}$/.test(id) ? await this.log.get(id, caller.team) : undefined;
    if (!delivery) throw new Problem(404, 'there is no delivery with this id in the log');
    return { ...shown(delivery), event: delivery.event, attempts: delivery.attempts.map(shownAttempt) };
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
