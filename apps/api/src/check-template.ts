import type { TemplateCheck } from '#libs/persistence';
import { checkTemplate as check, TemplateError } from '#libs/templates';

/** Why a template cannot be saved; the message has line and column. */
export const checkTemplate: TemplateCheck = (source) => {
  try {
    check(source);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};
