import type { EndpointInfo } from '#libs/mailbox';
import { parseTargetName, readEndpointInfo, SHARDS, shardOf, shardPrefix } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** A mailbox in which something is. */
export interface FilledMailbox {
  channel: string;
  /** `endpoint.target` */
  target: string;
  endpointInfo: EndpointInfo;
}

/** The mailboxes of an endpoint, or of all, in which anything is. */
export async function filledMailboxes(redis: RedisClient, endpointId?: string): Promise<FilledMailbox[]> {
  const shards = endpointId === undefined ? Array.from({ length: SHARDS }, (_, i) => i) : [shardOf(endpointId)];
  const found = await Promise.all(shards.map((shard) => mailboxesIn(redis, shardPrefix(shard), endpointId)));
  return found.flat();
}

async function mailboxesIn(redis: RedisClient, prefix: string, endpointId?: string): Promise<FilledMailbox[]> {
  const members = await redis.zrange(`${prefix}turns`, 0, '-1');
  const refs = members
    .map((member) => ({ channel: member.slice(0, member.indexOf('/')), target: member.slice(member.indexOf('/') + 1) }))
    .filter(({ target }) => endpointId === undefined || target.startsWith(`${endpointId}.`));
  return Promise.all(
    refs.map(async ({ channel, target }) => {
      const about = (await redis.hget(`${prefix}box:${target}:turn`, 'about')) ?? '';
      return { channel, target, endpointInfo: endpointInfoOf(channel, target, about) };
    }),
  );
}

/** What a mailbox says of its endpoint, made up of its name where it says nothing. */
export function endpointInfoOf(channel: string, target: string, about: string): EndpointInfo {
  const { endpointId, targetId } = parseTargetName(target);
  const unknown = { endpointId, endpointName: endpointId, team: '', channel, target: targetId };
  return readEndpointInfo(about, unknown) ?? unknown;
}
