import type { TemplateVariables } from '#libs/contracts';
import type { Lookup, Part } from './parse-template.js';
import { TemplateError } from './template-error.js';

const CHARS_MAX = 262_144;

/** Puts a template's values in place. */
export function render(
  parts: readonly Part[],
  variables: TemplateVariables,
  escaping?: 'url',
  charsMax = CHARS_MAX,
): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else text += escaping === 'url' ? percentEncode(valueText(part, variables)) : valueText(part, variables);
    if (text.length > charsMax) throw new TemplateError(`the result is longer than ${charsMax} characters`);
  }
  return text;
}

function valueText(part: Lookup, variables: TemplateVariables): string {
  const value = lookUp(part, variables);
  if (part.json) return JSON.stringify(value) ?? 'null';
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Own properties only, so that a template reaches nothing that every object has. */
function lookUp(part: Lookup, variables: TemplateVariables): unknown {
  if (part.variable === null) return variables;
  let value: unknown = variables[part.variable];
  for (const key of part.keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** By way of bytes where needed: half a surrogate pair cannot be percent-encoded. */
function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  }
}
