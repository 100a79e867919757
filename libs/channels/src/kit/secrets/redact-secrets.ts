import type { Outcome } from '#libs/contracts';

const MASK = '********';

/**
 * The outcome without secrets that stand in no setting of the endpoint as they are: those of the platform, a key inside an
 * address, a token that was issued. The core blanks tokens and long keys too, in more forms; it knows no short keys and
 * nothing of the platform's.
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
