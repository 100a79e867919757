import type { RedisClient } from '#libs/redis';
import { readEndpointInfo, unknownEndpoint } from './shard/endpoint-info.js';
import { SHARDS, shardOf, turnKey, turnsKey } from './shard/keys.js';
import type { EndpointInfo, TargetRef } from './shard/target-ref.js';

/** A mailbox that holds deliveries. */
export interface FilledMailbox extends TargetRef {
  endpointInfo: EndpointInfo;
}

/** The mailboxes of an endpoint, or of all, that hold deliveries. */
export async function filledMailboxes(redis: RedisClient, endpointId?: string): Promise<FilledMailbox[]> {
  const shards = endpointId === undefined ? Array.from({ length: SHARDS }, (_, i) => i) : [shardOf(endpointId)];
  const found = await Promise.all(shards.map((shard) => mailboxesIn(redis, shard, endpointId)));
  return found.flat();
}

async function mailboxesIn(redis: RedisClient, shard: number, endpointId?: string): Promise<FilledMailbox[]> {
  const members = await redis.zrange(turnsKey(shard), 0, '-1');
  const refs = members
    .map((member) => ({ channel: member.slice(0, member.indexOf('/')), target: member.slice(member.indexOf('/') + 1) }))
    .filter(({ target }) => endpointId === undefined || target.startsWith(`${endpointId}.`));
  return Promise.all(
    refs.map(async ({ channel, target }) => {
      const info = (await redis.hget(turnKey(target), 'about')) ?? '';
      return {
        channel,
        target,
        endpointInfo: readEndpointInfo(info, channel, target) ?? unknownEndpoint(channel, target),
      };
    }),
  );
}
