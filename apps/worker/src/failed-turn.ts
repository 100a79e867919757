import { UnrecoverableError } from 'bullmq';
import { DIED_NAMED_MAX, type RetryResult, replayOf, type TurnResult } from '#libs/contracts';
import { describeSkips, type LoggedDelivery, type Replayer, ReplayStopped } from '#libs/operations';

export interface ReplayLog {
  replaySource(id: string): Promise<LoggedDelivery | undefined>;
}

/** Replays deliveries, by their ids. */
export type Retry = (ids: readonly string[]) => Promise<RetryResult>;

export type DeadTurn = Pick<TurnResult, 'dead' | 'died'> & { words?: string | undefined };

/** The error of a turn in which deliveries ended dead, with the provider's message and without a stack trace. */
export function turnFailed({ dead, died, words }: DeadTurn): UnrecoverableError {
  const what = dead === 1 ? 'a delivery died' : `${dead} deliveries died, the last of them`;
  const rest = dead > died.length ? ` (a retry replays the first ${DIED_NAMED_MAX}; the log has them all)` : '';
  return withoutStack(new UnrecoverableError(`${what}: ${words || 'without a word'}${rest}`));
}

/** Replays the dead deliveries of a turn, except those that were replayed since or no longer apply. */
export async function replayDied(ids: readonly string[], log: ReplayLog, replayer: Replayer): Promise<RetryResult> {
  const known: LoggedDelivery[] = [];
  for (const id of ids) {
    const delivery = await log.replaySource(id);
    if (delivery) known.push(delivery);
  }
  const found = known.filter(({ id, lastReplay }) => replayOf(id).replay === lastReplay);
  const tally = await replayer.all([found], { force: false, dryRun: false }).catch((error: unknown) => {
    const why = error instanceof ReplayStopped ? error.cause : error;
    const words = why instanceof Error ? why.message : String(why);
    throw withoutStack(new UnrecoverableError(`not all could be replayed: ${words}; try again later`));
  });
  const unknown = ids.length - known.length;
  if (unknown > 0) tally.because.notRecorded = (tally.because.notRecorded ?? 0) + unknown;
  const replayed = known.length - found.length;
  if (replayed > 0) tally.because.replayedSince = replayed;
  const skipped = tally.skipped + unknown + replayed;
  const left = skipped === 0 ? '' : `; skipped ${describeSkips(tally.because)}`;
  return { replayed: tally.replayed, skipped, note: `replayed ${tally.replayed} of what died in this turn${left}` };
}

function withoutStack<E extends Error>(error: E): E {
  error.stack = '';
  return error;
}
