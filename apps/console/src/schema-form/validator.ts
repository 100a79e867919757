import { Validator } from '@cfworker/json-schema';
import type { RJSFSchema, ValidationData, ValidatorType } from '@rjsf/utils';

/**
 * The form's view of a schema. It evaluates no text, which the content policy forbids. The API is the authority on what is
 * valid, and its errors are shown; here a schema only chooses between alternatives.
 */
export const validator: ValidatorType = {
  isValid: (schema, data) => isValid(schema, data),
  rawValidation: () => ({ errors: [] }),
  validateFormData: (): ValidationData<unknown> => ({ errors: [], errorSchema: {} }),
};

function isValid(schema: RJSFSchema, data: unknown): boolean {
  return new Validator(schema as object, '2020-12').validate(data).valid;
}
