import type { TemplateCheck } from '#libs/persistence';
import { compileTemplate, TemplateError } from '#libs/templates';

/** Why a template cannot be saved; the message has line and column. */
export const checkTemplate: TemplateCheck = (source) => {
  try {
    compileTemplate(source);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};
