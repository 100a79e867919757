import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { type Behaviour, type ReceivedRequest, startReceiver } from '../../test/receiver.js';

export const ROUTING_KEY = 'R0123456789abcdefghijklmnopqrstu';

/** An event as PagerDuty documents it, with the fields that are checked here. */
export interface PagerdutyEvent {
  routing_key: string;
  event_action: string;
  dedup_key: string;
  links?: { href: string; text: string }[];
  payload: {
    summary: string;
    source: string;
    severity: string;
    timestamp?: string;
    component?: string;
    group?: string;
    class?: string;
    custom_details: Record<string, unknown>;
  };
}

/** A refusal, as recorded from the real API: https://github.com/envato/pagerduty/issues/70. */
export function invalid(...errors: string[]): Behaviour {
  const body = JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors });
  return { status: 400, body };
}

const ANSWERS: Partial<Record<Situation, Behaviour>> = {
  rejected: invalid("'payload.severity' is invalid"),
  misconfigured: invalid("Length of 'routing_key' is incorrect (should be 32 characters)"),
  throttled: { status: 429, body: 'Request Limit Exceeded' },
  unavailable: { status: 500, body: 'Internal Server Error' },
  unknown: 'hang',
};

export interface FakePagerduty extends FakeProvider {
  readonly accepted: readonly PagerdutyEvent[];
  /** The keys of alerts that are not resolved. */
  readonly open: ReadonlySet<string>;
  /** Every further request gets this answer. */
  behave(behaviour: Behaviour): void;
}

/** Starts a fake Events API v2, by https://github.com/PagerDuty/developer-docs. */
export async function startPagerduty(): Promise<FakePagerduty> {
  const receiver = await startReceiver();
  const complaints: string[] = [];
  const accepted: PagerdutyEvent[] = [];
  const open = new Set<string>();
  let situation: Situation = 'delivered';

  receiver.behave((request) => {
    complaints.push(...requestComplaints(request));
    const event = JSON.parse(request.body) as PagerdutyEvent;
    const answer = ANSWERS[situation];
    if (answer) return answer;
    const found = eventComplaints(event);
    complaints.push(...found);
    if (found.length > 0) return invalid(...found);
    accepted.push(event);
    if (event.event_action === 'resolve') open.delete(event.dedup_key);
    else open.add(event.dedup_key);
    const body = JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
    return { status: 202, body };
  });

  return {
    config: { routingKey: ROUTING_KEY, apiUrl: receiver.url },
    complaints,
    accepted,
    open,
    get shown() {
      return accepted.map(({ payload: { summary, source, custom_details: details } }) =>
        [summary, source, details.message, details.note].filter((part) => part !== undefined).join('\n'),
      );
    },
    get deliveryIds() {
      return accepted.map(({ payload }) => String(payload.custom_details.delivery_id));
    },
    play(next) {
      situation = next;
    },
    behave: receiver.behave,
    close: receiver.stop,
  };
}

function requestComplaints({ method, path, headers, body }: ReceivedRequest): string[] {
  const found: string[] = [];
  const check = (right: boolean, complaint: string): void => void (right || found.push(complaint));
  check(method === 'POST' && path === '/v2/enqueue', `${method} ${path}`);
  check(headers['content-type'] === 'application/json', 'content type');
  check(Buffer.byteLength(body) <= 512_000, 'more than 512 KB');
  return found;
}

/** All violations of PagerDuty's documentation in an event. */
export function eventComplaints(event: PagerdutyEvent): string[] {
  const found: string[] = [];
  const check = (right: boolean, complaint: string): void => void (right || found.push(complaint));
  const { payload, links = [] } = event;
  const { summary, source, severity, timestamp, custom_details: details } = payload;
  check(/^[A-Za-z0-9]{32}$/.test(event.routing_key), 'routing_key');
  check(['trigger', 'acknowledge', 'resolve'].includes(event.event_action), 'event_action');
  check(event.dedup_key.length >= 1 && event.dedup_key.length <= 255, 'dedup_key');
  check(summary.trim() !== '' && [...summary].length <= 1_024, 'summary');
  check(source.trim() !== '', 'source');
  check(['critical', 'error', 'warning', 'info'].includes(severity), 'severity');
  check(timestamp === undefined || !Number.isNaN(Date.parse(timestamp)), 'timestamp');
  check(typeof details.delivery_id === 'string', 'no delivery');
  for (const { href } of links) check(/^https?:\/\/\S+$/.test(href), `link ${href}`);
  for (const text of [summary, source]) check(!/\p{Cc}/u.test(text), 'control characters');
  check(!/\\ud[89a-f][0-9a-f]{2}/.test(JSON.stringify(event).replaceAll('\\\\', '')), 'half a character');
  return found;
}
