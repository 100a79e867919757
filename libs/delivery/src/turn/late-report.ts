import { type ActiveTarget, type ActiveTargets, takeLate } from './active-target.js';
import type { StageDeps } from './turn-run.js';

/** Time to wait for the next turn to report deliveries that died after this one ended. */
const NEXT_TURN_MS = 500;

/** Reports deliveries that died after their turn by a job of its own, unless another turn comes soon and reports them. */
export async function reportLate(target: ActiveTarget, targets: ActiveTargets, deps: StageDeps): Promise<void> {
  await target.inFlight.settled();
  if (target.late.dead > 0 && !deps.stop.aborted) await deps.sleep(NEXT_TURN_MS);
  if (target.inFlight.count > 0) return;
  targets.deactivate(target);
  const late = takeLate(target);
  if (late.dead > 0) await deps.queues.addLateReport(target.ref, late);
}
