import type { ParsedEvent } from './parse-event.js';

/** What a foreign alert came to; one that says until when it fires keeps saying so. */
export type ParsedAlert = ParsedEvent & { firingUntilMs?: number };
