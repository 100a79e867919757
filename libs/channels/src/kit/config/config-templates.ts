import type { z } from 'zod';
import { type Config, type FieldPath, mapFields } from './config-fields.js';
import { configSchema } from './config-schema.js';

/** A template inside a config, with the escaping of its values. */
export interface ConfigTemplate {
  path: FieldPath;
  source: string;
  escaping?: 'url';
}

/** The templates of a config; they are compiled before the config is saved. */
export function listTemplates(schema: z.ZodType, config: Config): ConfigTemplate[] {
  const templates: ConfigTemplate[] = [];
  mapFields(configSchema(schema), config, (source, { path }, { template }) => {
    if (template) templates.push({ path, source, ...(template === 'url' && { escaping: 'url' }) });
    return source;
  });
  return templates;
}
