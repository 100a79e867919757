import type { AlertEvent, SettingsSource } from '#libs/contracts';
import type { TurnQueues } from '#libs/delivery';
import {
  type FilledMailbox,
  filledMailboxes,
  listPending,
  type Mailboxes,
  parseTargetName,
  type TargetRef,
} from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';
import { findPending, type PendingDelivery } from '../waiting/waiting-deliveries.js';

/** Most deliveries of one script, which blocks Redis for a few milliseconds. */
const A_SCRIPT = 200;

/** `inFlight`: being sent right now, and past recall. `over`: it came to its end while this was going on. */
export type CancelSkip = 'inFlight' | 'over';

export interface CancelTally {
  cancelled: number;
  skipped: number;
  because: Partial<Record<CancelSkip, number>>;
}

export interface CancelChoice {
  /** Limits the search to this endpoint. */
  endpointId?: string;
  accept(delivery: PendingDelivery): boolean;
}

export interface CancelHow {
  dryRun: boolean;
  /** Whether the caller has gone: then the search stops, and the rest is not cancelled. */
  isGone?: () => boolean;
}

/** Thrown when not all could be cancelled, with the counts so far; the cause has the reason. */
export class CancelStopped extends Error {
  constructor(
    readonly tally: CancelTally,
    cause: unknown,
  ) {
    super('not all could be cancelled', { cause });
    this.name = 'CancelStopped';
  }
}

/** Cancels waiting deliveries at an operator's request. */
export abstract class Canceller {
  /** Cancels all accepted deliveries. @throws CancelStopped, or the error itself if nothing was cancelled yet */
  abstract all(choice: CancelChoice, how: CancelHow): Promise<CancelTally>;
  /** Cancels one delivery; undefined if no mailbox has it. */
  abstract one(
    id: string,
    accept: (delivery: PendingDelivery) => boolean,
    how: { dryRun: boolean },
  ): Promise<'cancelled' | CancelSkip | undefined>;
}

export interface CancellerParts {
  redis: RedisClient;
  mailboxes: Pick<Mailboxes, 'cancel'>;
  queues: Pick<TurnQueues, 'wake'>;
  settings: SettingsSource;
  onError(error: unknown): void;
}

export function createCanceller({ redis, mailboxes, queues, settings, onError }: CancellerParts): Canceller {
  async function cancel(ref: TargetRef, ids: readonly string[]): Promise<string[]> {
    const { endpointId } = parseTargetName(ref.target);
    // The mailbox has the endpoint's fields for the log.
    const pushPeriodMs = settings.current()?.endpoints.get(endpointId)?.pushPeriodMs ?? 0;
    const rules = { endpointInfo: undefined, pushPeriodMs, reason: 'by an operator' } as const;
    const { wakes, cancelled } = await mailboxes.cancel(ref, ids, rules);
    // The sweeper finds a turn that was not enqueued.
    await queues.wake(wakes).catch(onError);
    return cancelled;
  }

  async function cancelIn(mailbox: FilledMailbox, { accept }: CancelChoice, how: CancelHow, tally: CancelTally) {
    // While Redis resizes its table, a delivery may be listed twice.
    const inFlight = new Set<string>();
    for await (const some of pendingIn(redis, mailbox)) {
      if (how.isGone?.()) return;
      const chosen = some.filter(accept);
      for (const { id } of chosen.filter(({ inFlight }) => inFlight)) inFlight.add(id);
      const ids = chosen.filter(({ id }) => !inFlight.has(id)).map(({ id }) => id);
      const done = how.dryRun || ids.length === 0 ? ids : await cancel(mailbox, ids);
      tally.cancelled += done.length;
      skip(tally, 'over', ids.length - done.length);
    }
    skip(tally, 'inFlight', inFlight.size);
  }

  return {
    async all(choice, how) {
      const tally: CancelTally = { cancelled: 0, skipped: 0, because: {} };
      try {
        for (const mailbox of await filledMailboxes(redis, choice.endpointId)) {
          await cancelIn(mailbox, choice, how, tally);
        }
        return tally;
      } catch (error) {
        if (tally.cancelled === 0) throw error;
        throw new CancelStopped(tally, error);
      }
    },
    async one(id, accept, { dryRun }) {
      const pending = await findPending(redis, id);
      if (!pending || !accept(pending)) return undefined;
      if (pending.inFlight) return 'inFlight';
      if (dryRun) return 'cancelled';
      const done = await cancel({ channel: pending.endpointInfo.channel, target: pending.target }, [id]);
      if (done.length > 0) return 'cancelled';
      return (await findPending(redis, id)) ? 'inFlight' : 'over';
    },
  };
}

function skip(tally: CancelTally, because: CancelSkip, count: number): void {
  if (count === 0) return;
  tally.skipped += count;
  tally.because[because] = (tally.because[because] ?? 0) + count;
}

async function* pendingIn(
  redis: RedisClient,
  { target, endpointInfo }: FilledMailbox,
): AsyncGenerator<PendingDelivery[]> {
  let cursor = '0';
  do {
    const page = await listPending(redis, target, cursor, A_SCRIPT);
    yield page.deliveries.map(({ event, ...delivery }) => ({
      ...delivery,
      target,
      endpointInfo,
      event: JSON.parse(event) as AlertEvent,
      nextAttemptAt: undefined,
    }));
    cursor = page.cursor;
  } while (cursor !== '0');
}
