import type { AlertEvent } from '#libs/contracts';
import type { FieldError } from '#libs/validation';

/** An event made of a foreign alert. It has no id: the formats have none that tells a sender's retry from its repeat. */
export type SourceEvent = Omit<AlertEvent, 'id'>;

/** What one alert of a foreign payload says, or why it cannot be taken; paths are those inside the alert. */
export type SourceAlert = { ok: true; event: SourceEvent; firingUntilMs?: number } | Refused;

export interface Refused {
  ok: false;
  errors: FieldError[];
}

/**
 * Alerts of one body: some groups of Alertmanager are large, and it posts them whole. Each that is bad costs as much as one
 * that is good, and millions of them would fit into a request.
 */
export const ALERTS_MAX = 20_000;

/** @throws UnknownPayload */
export function requireFew(alerts: readonly unknown[], path = ''): void {
  if (alerts.length <= ALERTS_MAX) return;
  throw new UnknownPayload([{ path, message: `has ${alerts.length} alerts, at most ${ALERTS_MAX} are allowed` }]);
}

/** The body as a whole is not of the format. */
export class UnknownPayload extends Error {
  constructor(readonly errors: FieldError[]) {
    super('the body is not of the format that is taken here');
    this.name = 'UnknownPayload';
  }
}
