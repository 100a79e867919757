import { type Grant, unlimited } from '../rate/rates.js';
import type { StageDeps, TurnRun } from './turn-run.js';

/** Added to the timeout of a send: name lookup, connecting and aborting take longer. */
const TAKES_LONGER_MS = 10_000;

/** Stage: asks how many of the slots the rate of the credential allows. */
export async function askRate({ target, destination }: TurnRun, slots: number, deps: StageDeps): Promise<Grant> {
  if (!destination.open) return unlimited(slots);
  const { metered, channel, endpoint } = destination;
  const takesMs = channel.timeoutMs(endpoint.config) + TAKES_LONGER_MS;
  try {
    const certain = target.ready >= slots;
    return await deps.rates.ask(metered, { target: target.ref.target, count: slots, certain, takesMs });
  } catch (error) {
    deps.slots.release(slots);
    throw error;
  }
}
