import { type AlertEvent, type Endpoint, type Language, LEVEL_NAMES, type TemplateVariables } from '#libs/contracts';

const NONE: Readonly<Record<string, string>> = Object.freeze({});

export interface VariablesInput {
  event: AlertEvent;
  delivery: { id: string; suppressedCount: number; delayedByMs: number };
  endpoint: Pick<Endpoint, 'name' | 'team'>;
  /** Name of the policy; the event's policy key if the policy is unknown. */
  policyName: string;
  lang: Language;
}

/** Builds the variables of one delivery. Missing texts are empty, other missing values are null. */
export function templateVariables({ event, delivery, endpoint, policyName, lang }: VariablesInput): TemplateVariables {
  const levelName = LEVEL_NAMES[lang][event.level];
  const objectName = event.objectName ?? event.object;
  return {
    policy: event.policy,
    policy_name: policyName,
    policy_level: event.level,
    level: event.level,
    level_name: levelName,
    object: event.object,
    object_name: objectName,
    title: event.title || `${policyName}: ${objectName}`,
    content: event.content ?? '',
    value: event.value ?? null,
    unit: event.unit ?? '',
    labels: event.labels ?? NONE,
    annotations: event.annotations ?? NONE,
    starts_at: event.startsAt ?? null,
    ends_at: event.endsAt ?? null,
    url: event.url ?? '',
    event_id: event.id,
    delivery_id: delivery.id,
    team: endpoint.team,
    endpoint: endpoint.name,
    suppressed_count: delivery.suppressedCount,
    delayed_by: Math.max(0, Math.floor(delivery.delayedByMs / 1_000)),
  };
}
