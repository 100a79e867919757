import { ADMIN_KEY } from './installation.js';

export interface SentEvent {
  id: string;
  policy: string;
  object: string;
  level: string;
  labels: Record<string, string>;
}

/**
 * A monitoring system that follows the protocol: it sends unacknowledged events again, with the same ids, to any API
 * process that answers. It records the acknowledged ones.
 */
export class EventSender {
  readonly acknowledged = new Map<string, SentEvent>();
  refused = 0;
  private next = 0;

  constructor(
    private readonly urls: readonly string[],
    private readonly key = ADMIN_KEY,
  ) {}

  /** Sends a batch until it is acknowledged; the events of one call keep their order. */
  async send(events: readonly SentEvent[], until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const url = this.urls[this.next++ % this.urls.length];
      const status = await fetch(`${url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(events),
        signal: AbortSignal.timeout(10_000),
      }).then(
        async (response) => {
          await response.text();
          return response.status;
        },
        () => 0,
      );
      if (status === 202) {
        for (const event of events) this.acknowledged.set(event.id, event);
        return;
      }
      if (status !== 0 && status !== 503) throw new Error(`events were answered with ${status}`);
      this.refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
