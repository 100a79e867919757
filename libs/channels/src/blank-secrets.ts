import type { Outcome } from '#libs/contracts';

const MASK = '********';

/**
 * The outcome without secrets that the core does not know of: it blanks the settings of endpoints, but neither those of the
 * platform nor parts of an address nor tokens that were issued.
 */
export function blankSecrets(outcome: Outcome, secrets: readonly string[]): Outcome {
  const forms = secrets.filter(Boolean).flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]);
  const blank = (text: string): string => forms.reduce((blanked, form) => blanked.replaceAll(form, MASK), text);
  const { message, excerpt } = outcome;
  return {
    ...outcome,
    ...(message !== undefined && { message: blank(message) }),
    ...(excerpt !== undefined && { excerpt: blank(excerpt) }),
  };
}
