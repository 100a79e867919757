import type { TurnResult } from '#libs/contracts';
import type { TargetRef } from '#libs/mailbox';
import { createActiveTargets } from './active-target.js';
import { runTurn } from './run-turn.js';
import type { TurnDeps } from './turn-run.js';

/** Runs the turns of one channel in this process. */
export interface Turns {
  /** Runs one turn at a target: takes due deliveries, sends and settles them, and enqueues the next turn. */
  run(ref: TargetRef, job: number): Promise<TurnResult>;
  /** Takes nothing more; resolves when everything in flight is settled. */
  stop(): Promise<void>;
}

export function createTurns(deps: TurnDeps): Turns {
  const targets = createActiveTargets(deps);
  const running = new Set<Promise<TurnResult>>();
  const stop = new AbortController();
  const stageDeps = { ...deps, stop: stop.signal };
  return {
    run(ref, job) {
      const turn = runTurn(ref, job, targets, stageDeps);
      running.add(turn);
      const forget = (): void => void running.delete(turn);
      turn.then(forget, forget);
      return turn;
    },
    async stop() {
      stop.abort();
      await Promise.allSettled(running);
      await targets.settled();
    },
  };
}
