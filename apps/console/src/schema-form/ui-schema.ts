import type { RJSFSchema, UiSchema } from '@rjsf/utils';

/** A JSON Schema of the API, with the marks that it puts on fields. */
export interface FieldSchema extends RJSFSchema {
  /** Length of a template: `line` or `text`. */
  template?: 'line' | 'text';
}

/** Widgets for the fields of a schema of the API: secrets are hidden, texts are long, lists of texts are tags. */
export function uiSchemaOf(schema: FieldSchema): UiSchema {
  const ui: UiSchema = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) ui[name] = uiSchemaOf(field as FieldSchema);
  const items = schema.items as FieldSchema | undefined;
  if (schema.type === 'array' && items?.type === 'string' && !items.enum) ui['ui:widget'] = 'tags';
  else if (items && !Array.isArray(items)) ui.items = uiSchemaOf(items);
  const isLong = schema.format === 'pem' || schema.template === 'text';
  if (isLong) Object.assign(ui, { 'ui:widget': 'textarea', 'ui:options': { rows: 6 } });
  else if (schema.writeOnly && schema.type === 'string') ui['ui:widget'] = 'secret';
  // Free names have a button of their own that adds the first one.
  if (typeof schema.additionalProperties === 'object') ui['ui:options'] = { enableOptionalDataFieldForType: [] };
  if (typeof schema.additionalProperties === 'object')
    ui.additionalProperties = uiSchemaOf(schema.additionalProperties as FieldSchema);
  return ui;
}
