import { createHash } from 'node:crypto';
import { cutText, type Level, type TemplateVariables, type TextLimit } from '#libs/contracts';
import type { Message } from '../channel.js';
import { cleanLine, cleanText, webLink } from '../kit/index.js';

/** https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/02-Trigger-Events.md */
export const SUMMARY_MAX: TextLimit = { max: 1_024, unit: 'characters' };
/** The limit of "512 KB": https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/01-Overview.md#size-limits */
const BODY_BYTES_MAX = 512_000;

type Severity = 'critical' | 'error' | 'warning' | 'info';
export type Action = 'trigger' | 'resolve';

/** The severity of a level. A recovery resolves regardless of it, but the field is required. */
const SEVERITIES: Readonly<Record<Level, Severity>> = {
  fatal: 'critical',
  error: 'error',
  nodata: 'warning',
  warning: 'warning',
  info: 'info',
  recovered: 'info',
};

/** Usual labels for fields of PagerDuty; the first one that the event has is used. */
const COMPONENT = ['component', 'service', 'app', 'job'];
const GROUP = ['group', 'cluster', 'namespace'];

/** The key of an alert at PagerDuty: the same for all events of a team, policy and object, at every endpoint. */
export function dedupKey({ team, policy, object }: Pick<TemplateVariables, 'team' | 'policy' | 'object'>): string {
  return createHash('sha256')
    .update(JSON.stringify([team, policy, object]))
    .digest('hex');
}

/** An event of the Events API v2, in JSON. An event that would be too long is sent without its details. */
export function eventBody(message: Message, routingKey: string, action: Action): string {
  const whole = bodyWith(message, routingKey, action, detailsOf(message));
  if (Buffer.byteLength(whole) <= BODY_BYTES_MAX) return whole;
  const note = `the details are left out because the event would exceed ${BODY_BYTES_MAX} bytes`;
  return bodyWith(message, routingKey, action, { note, delivery_id: message.deliveryId });
}

function bodyWith(message: Message, routingKey: string, action: Action, details: Record<string, unknown>): string {
  const { variables, level } = message;
  const { labels, policy_name: policyName, object_name: objectName, object } = variables;
  const event = {
    routing_key: routingKey,
    event_action: action,
    dedup_key: dedupKey(variables),
    client: 'Tocsin',
    links: linksOf(variables),
    payload: {
      summary: summaryOf(message),
      source: cleanLine(objectName) || cleanLine(object) || '-',
      severity: SEVERITIES[level],
      timestamp: (level === 'recovered' ? variables.ends_at : null) ?? variables.starts_at ?? undefined,
      component: firstOf(labels, COMPONENT),
      group: firstOf(labels, GROUP),
      class: cleanLine(policyName) || undefined,
      custom_details: details,
    },
  };
  return JSON.stringify(event, (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value));
}

/** The summary; PagerDuty requires one, even if the template renders an empty title. */
function summaryOf({ title, variables }: Message): string {
  const { level_name: levelName, object_name: objectName } = variables;
  return cutText(cleanLine(title) || cleanLine(`[${levelName}] ${objectName}`), SUMMARY_MAX);
}

function detailsOf({ content, deliveryId, variables }: Message): Record<string, unknown> {
  return {
    message: cleanText(content),
    level: variables.level,
    policy: variables.policy,
    object: variables.object,
    value: variables.value ?? undefined,
    unit: variables.unit || undefined,
    labels: withWellFormedNames(variables.labels),
    annotations: withWellFormedNames(variables.annotations),
    starts_at: variables.starts_at ?? undefined,
    ends_at: variables.ends_at ?? undefined,
    suppressed_count: variables.suppressed_count,
    delayed_by: variables.delayed_by,
    team: variables.team,
    endpoint: variables.endpoint,
    event_id: variables.event_id,
    delivery_id: deliveryId,
  };
}

const withWellFormedNames = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, text]) => [name.toWellFormed(), text]));

function linksOf({ url, annotations }: TemplateVariables): { href: string; text: string }[] {
  const named: [string | undefined, string][] = [
    [url, 'Alert'],
    [annotations.runbook_url ?? annotations.runbook, 'Runbook'],
  ];
  return named.flatMap(([address = '', text]) => {
    const href = webLink(address);
    return href === undefined ? [] : [{ href, text }];
  });
}

function firstOf(labels: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  const name = names.find((one) => cleanLine(labels[one] ?? '') !== '');
  return name === undefined ? undefined : cleanLine(labels[name] ?? '');
}
