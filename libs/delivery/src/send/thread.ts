import { createHash } from 'node:crypto';
import type { AlertEvent, Endpoint } from '#libs/contracts';
import type { TakenDelivery } from '#libs/mailbox';

/** Half of a SHA-256 in base64url, enough that ids of one installation do not collide. */
const CHARS = 22;

/** The id of the messages of one episode to an endpoint; episode 0 stands for none. */
export function threadId(
  endpoint: Pick<Endpoint, 'id'>,
  { policy, object }: AlertEvent,
  episode: TakenDelivery['episode'],
): string {
  const name = JSON.stringify([endpoint.id, policy, object, episode]);
  return createHash('sha256').update(name).digest('base64url').slice(0, CHARS);
}
