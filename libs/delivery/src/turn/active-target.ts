import type { TurnResult } from '#libs/contracts';
import type { Capacity, Mailboxes, TargetRef } from '#libs/mailbox';
import { createInFlight, type InFlight } from './in-flight.js';
import type { ReadClocks } from './message-lease.js';
import { noResult } from './turn-report.js';

/** A target at which this process runs a turn or has deliveries in flight. */
export interface ActiveTarget {
  readonly ref: TargetRef;
  readonly inFlight: InFlight;
  /** The target's health and limit as last seen; shared with later activations of the target. */
  readonly capacity: Capacity;
  /** Deliveries ready in the mailbox, as far as this process knows. */
  ready: number;
  /** How often deliveries were settled; a settlement knows `ready` better than a take that began before it. */
  settlements: number;
  /** Results of deliveries that were settled after their turn ended, and that no turn has reported yet. */
  late: TurnResult;
}

/** The active targets of one channel, by target name. */
export interface ActiveTargets {
  activate(ref: TargetRef): ActiveTarget;
  /** Forgets the target, but for its capacity. */
  deactivate(target: ActiveTarget): void;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

interface ActiveTargetsDeps {
  mailboxes: Pick<Mailboxes, 'renewLeases'>;
  readClocks: ReadClocks;
  onError(error: unknown): void;
}

export function createActiveTargets({ mailboxes, readClocks, onError }: ActiveTargetsDeps): ActiveTargets {
  const active = new Map<string, ActiveTarget>();
  const capacities = new Map<string, Capacity>();

  function capacityOf(name: string): Capacity {
    const capacity = capacities.get(name) ?? { health: 'new', inFlightMax: 1 };
    capacities.set(name, capacity);
    return capacity;
  }

  return {
    activate(ref) {
      const target = active.get(ref.target) ?? {
        ref,
        inFlight: createInFlight({
          renewLeases: (attempts) => mailboxes.renewLeases(ref, attempts),
          readClocks,
          onError,
        }),
        capacity: capacityOf(ref.target),
        ready: 0,
        settlements: 0,
        late: noResult(),
      };
      active.set(ref.target, target);
      return target;
    },
    deactivate(target) {
      if (active.get(target.ref.target) === target) active.delete(target.ref.target);
    },
    async settled() {
      await Promise.all([...active.values()].map(({ inFlight }) => inFlight.settled()));
    },
  };
}

export function learnCapacity({ capacity }: ActiveTarget, { health, inFlightMax }: Capacity): void {
  Object.assign(capacity, { health, inFlightMax });
}

/** Returns the late results, and forgets them. */
export function takeLate(target: ActiveTarget): TurnResult {
  const late = target.late;
  target.late = noResult();
  return late;
}

export const isGood = ({ capacity }: ActiveTarget): boolean => capacity.health === 'good';

/** How many more deliveries the target may have in flight. */
export const roomAt = ({ capacity, inFlight }: ActiveTarget): number => capacity.inFlightMax - inFlight.count;
