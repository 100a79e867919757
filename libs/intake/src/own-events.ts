import type { IncomingEvent } from '#libs/admission';
import type { AlertEvent } from '#libs/contracts';
import { type Intake, UNCOUNTED, URGENT } from './intake.js';

/** An event that Tocsin makes itself, in the form of a posted one. */
const incoming = (event: AlertEvent): IncomingEvent => ({ event, json: JSON.stringify(event), ownId: true });

/** Takes recoveries by expiry and events about outages in, for the team of their reporter. */
export async function takeExpiryEvents(
  intake: Intake,
  events: readonly AlertEvent[],
  team: string | null,
): Promise<void> {
  await intake.take(
    events.map((event) => ({ ok: true, incoming: incoming(event) })),
    { team, terms: UNCOUNTED },
  );
}

/** Takes an alert about Tocsin itself in. Endpoints that cannot be read are left out. */
export async function takeOwnAlert(intake: Intake, event: AlertEvent, team: string): Promise<void> {
  await intake.take([{ ok: true, incoming: { ...incoming(event), bestEffort: true } }], { team, terms: URGENT });
}
