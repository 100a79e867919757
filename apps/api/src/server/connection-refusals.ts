import type { Logger } from '#libs/telemetry';

/** Reasons for which a connection is closed: the limit that its client exceeded. */
export type ConnectionRefusal =
  | 'too many requests in flight'
  | 'answers not read'
  | 'slow headers'
  | 'slow body'
  | 'body in small chunks'
  | 'too many connections'
  | 'too many connections with a key';

const LOG_EVERY_MS = 60_000;

/** Counts connections that were closed over a limit. They are logged once a minute, since an attack causes thousands. */
export class ConnectionRefusals {
  private counts = new Map<ConnectionRefusal, number>();

  constructor(
    private readonly log: Pick<Logger, 'warn'>,
    private readonly countMetric: (reason: ConnectionRefusal) => void,
    private readonly later: (log: () => void, ms: number) => void = (log, ms) => void setTimeout(log, ms).unref(),
  ) {}

  count(reason: ConnectionRefusal): void {
    this.countMetric(reason);
    if (this.counts.size === 0) this.later(() => this.logCounts(), LOG_EVERY_MS);
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
  }

  private logCounts(): void {
    const refused = Object.fromEntries(this.counts);
    this.counts = new Map();
    this.log.warn(
      { refused },
      'connections were closed within the last minute because clients exceeded the limits; docs/security.md lists them',
    );
  }
}
