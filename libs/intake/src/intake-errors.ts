import type { FieldError } from '#libs/validation';
import type { IntakeReport } from './intake-report.js';

/** `over quota`: the team has used its events of this minute. `unavailable`: no room, no Redis or no settings. */
export type RefusalReason = 'over quota' | 'unavailable';

/** The intake makes no promise about any event of the request; the sender may send all of it again under the same ids. */
export class IntakeRefused extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IntakeRefused';
  }
}

/** The sender closed its connection. Events that were not taken in yet are dropped, since it will send them again. */
export class SenderGone extends Error {
  constructor() {
    super('the sender closed the connection');
    this.name = 'SenderGone';
  }
}

/** The body as a whole holds no events. */
export class NoEvents extends Error {
  constructor(readonly errors: FieldError[]) {
    super('the body holds no events');
    this.name = 'NoEvents';
  }
}

/** Every event of the request was rejected. */
export class NothingAccepted extends Error {
  constructor(
    readonly report: IntakeReport,
    /** Size is the only fault of all of them. */
    readonly tooLarge: boolean,
  ) {
    super('none of the events could be accepted');
    this.name = 'NothingAccepted';
  }
}
