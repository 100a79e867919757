import { within } from '#libs/contracts';
import type { TurnQueues } from '#libs/delivery';

type Wakes = Parameters<TurnQueues['wake']>[0];

/** Upper bound on waiting for turn jobs to be enqueued. The sweeper enqueues the rest. */
const WAKE_MS_MAX = 1_000;

/** Enqueues the turns that a script asks for. */
export class TurnWaker {
  constructor(private readonly queues: TurnQueues) {}

  wake(wakes: Wakes): Promise<void> {
    return within(WAKE_MS_MAX, this.queues.wake(wakes));
  }
}
