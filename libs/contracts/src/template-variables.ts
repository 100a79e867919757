import type { Level } from './levels.js';

/** Variables of templates, which channels may read too, in the order of the default JSON content. */
export interface TemplateVariables {
  policy: string;
  policy_name: string;
  policy_level: Level;
  level: Level;
  level_name: string;
  object: string;
  object_name: string;
  title: string;
  content: string;
  value: number | null;
  unit: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  starts_at: string | null;
  ends_at: string | null;
  url: string;
  event_id: string;
  delivery_id: string;
  team: string;
  endpoint: string;
  suppressed_count: number;
  /** Whole seconds. */
  delayed_by: number;
}
