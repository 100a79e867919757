import type { AlertEvent } from '#libs/contracts';

/** The event of a foreign alert. It has no id: these formats do not distinguish a sender's retry from a repeat. */
export type SourceEvent = Omit<AlertEvent, 'id'>;
