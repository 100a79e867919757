import type { TemplateVariables } from '#libs/contracts';

export type VariableName = keyof TemplateVariables;

const DESCRIPTIONS: Readonly<Record<VariableName | 'alert', string>> = {
  policy: 'key of the alert policy',
  policy_name: 'name of the alert policy, its key where it has none',
  policy_level: 'the level: fatal, error, nodata, warning, info or recovered',
  level: 'the same as policy_level',
  level_name: 'the level as a word for people, in the language of the installation',
  object: 'key of the monitored object',
  object_name: 'name of the monitored object, its key where it has none',
  title: 'title of the event; where it has none: policy name: object name',
  content: 'longer text of the event, empty where it has none',
  value: 'the measured value, a number; null where there is none',
  unit: 'unit of the value, empty where there is none',
  labels: 'the labels; one of them is labels.name or labels["any name"], empty where it is missing',
  annotations: 'the annotations, as with labels',
  starts_at: 'when it began, RFC 3339; null where unknown',
  ends_at: 'when it ended, RFC 3339; null while it lasts or where unknown',
  url: 'link of the event, empty where it has none',
  event_id: 'id of the event',
  delivery_id: 'id of the delivery, the same in every attempt',
  team: 'key of the team that owns the endpoint',
  endpoint: 'name of the endpoint',
  suppressed_count: 'how many events of this policy and object were suppressed since the last push',
  delayed_by: 'how late the message is, in whole seconds',
  alert: 'an object with all of these',
};

/** Every variable with one line about it, for people who write templates. */
export const TEMPLATE_VARIABLES: readonly { readonly name: VariableName | 'alert'; readonly description: string }[] =
  Object.entries(DESCRIPTIONS).map(([name, description]) => ({ name: name as VariableName | 'alert', description }));

/** The variables that have fields of their own. */
export const FIELDS_OF: ReadonlySet<string> = new Set(['labels', 'annotations']);
