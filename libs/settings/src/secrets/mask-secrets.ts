import { maskSecrets as maskIn, restoreSecrets as restoreIn, SECRET_MASK } from '#libs/channels';
import { type FieldError, fieldError } from '#libs/validation';
import type { SecretSchemas } from './seal-secrets.js';

type Values = Record<string, unknown>;

const NOTHING_STORED = `is masked (${SECRET_MASK}), and there is nothing stored that it could stand for (elements of a list are known by their id)`;

const whyMoved = (changed: readonly string[]): string =>
  `must be sent again: ${changed.join('.')} changes the destination, and a stored secret is not sent to another one`;

/** The fields as the API answers them: a mask in place of each secret. */
export function maskSecrets(values: Values, schemas: SecretSchemas): Values {
  return Object.fromEntries(
    Object.entries(schemas).map(([field, schema]) => [field, maskIn(schema, values[field] as Values)]),
  );
}

/** The fields with stored secrets in place of masks; an error for each mask that stands for nothing, or whose secret would move. */
export function restoreSecrets(
  values: Values,
  stored: Values,
  schemas: SecretSchemas,
): { restored: Values; errors: FieldError[] } {
  const restored: Values = {};
  const errors: FieldError[] = [];
  for (const [field, schema] of Object.entries(schemas)) {
    const { config, missing, moved } = restoreIn(schema, values[field] as Values, stored[field] as Values | undefined);
    restored[field] = config;
    errors.push(...missing.map((path) => fieldError([field, ...path], NOTHING_STORED)));
    errors.push(...moved.map(({ path, changed }) => fieldError([field, ...path], whyMoved([field, ...changed]))));
  }
  return { restored, errors };
}
