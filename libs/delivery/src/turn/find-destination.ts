import type { TargetRef } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import type { StageDeps } from './turn-run.js';

/** Stage: finds endpoint and target in the settings; undefined if the settings cannot be read. */
export async function findDestination(ref: TargetRef, deps: StageDeps): Promise<Destination | undefined> {
  try {
    return await deps.destinations.find(ref);
  } catch (error) {
    deps.onError(error);
    return undefined;
  }
}
