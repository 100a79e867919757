import type { TemplateVariables } from '#libs/contracts';

export type VariableName = keyof TemplateVariables;

const DESCRIPTIONS: Readonly<Record<VariableName | 'alert', string>> = {
  policy: 'key of the alert policy',
  policy_name: 'name of the alert policy; its key if it has no name',
  policy_level: 'the level: fatal, error, nodata, warning, info or recovered',
  level: 'the same as policy_level',
  level_name: 'name of the level, in the language of the installation',
  object: 'key of the monitored object',
  object_name: 'name of the monitored object; its key if it has no name',
  title: 'title of the event; `policy name: object name` if it has none',
  content: 'longer text of the event; empty if it has none',
  value: 'measured value, a number; null if there is none',
  unit: 'unit of the value; empty if there is none',
  labels: 'labels: labels.name or labels["any name"]; a missing one is empty',
  annotations: 'annotations, read like labels',
  starts_at: 'start of the alert, RFC 3339; null if unknown',
  ends_at: 'end of the alert, RFC 3339; null while it fires or if unknown',
  url: 'link of the event; empty if it has none',
  event_id: 'id of the event',
  delivery_id: 'id of the delivery; the same in every attempt',
  team: 'key of the team that owns the endpoint',
  endpoint: 'name of the endpoint',
  suppressed_count: 'number of events of this policy and object suppressed since the last push',
  delayed_by: 'delay of the message, in whole seconds',
  alert: 'object with all of these variables',
};

/** Name and description of each variable, for authors of templates. */
export const TEMPLATE_VARIABLES: readonly { readonly name: VariableName | 'alert'; readonly description: string }[] =
  Object.entries(DESCRIPTIONS).map(([name, description]) => ({ name: name as VariableName | 'alert', description }));

/** Variables whose value is an object with fields. */
export const FIELDS_OF: ReadonlySet<string> = new Set(['labels', 'annotations']);
