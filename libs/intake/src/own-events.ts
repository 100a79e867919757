import type { IncomingEvent } from '#libs/admission';
import type { AlertEvent } from '#libs/contracts';
import { type Intake, URGENT } from './intake.js';

/** An event that Tocsin makes itself, in the form of a posted one. */
export const unposted = (event: AlertEvent): { ok: true; incoming: IncomingEvent } => ({
  ok: true,
  incoming: { event, json: JSON.stringify(event), ownId: true },
});

/** Takes an alert about Tocsin itself in. */
export async function takeOwn(intake: Intake, event: AlertEvent, team: string): Promise<void> {
  const { ok, incoming } = unposted(event);
  await intake.take([{ ok, incoming: { ...incoming, bestEffort: true } }], team, false, () => false, URGENT);
}
