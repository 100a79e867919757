const VARIABLES = [
  'policy',
  'policy_name',
  'policy_level',
  'level',
  'level_name',
  'object',
  'object_name',
  'title',
  'content',
  'value',
  'unit',
  'labels',
  'annotations',
  'starts_at',
  'ends_at',
  'url',
  'event_id',
  'delivery_id',
  'team',
  'endpoint',
  'suppressed_count',
  'delayed_by',
];

/** The default template for receivers that are programs: a JSON object with every variable. */
export const ALL_VARIABLES_AS_JSON = `{\n${VARIABLES.map((name) => `  "${name}": {{ ${name} | tojson }}`).join(',\n')}\n}`;
