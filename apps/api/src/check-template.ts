import type { TemplateCheck } from '#libs/settings';
import { checkTemplate as check, TemplateError } from '#libs/templates';

/** The reason why a template cannot be saved, with line and column; undefined if it can. */
export const checkTemplate: TemplateCheck = (source) => {
  try {
    check(source);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};
