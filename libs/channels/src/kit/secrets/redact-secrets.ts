import type { Outcome } from '#libs/contracts';

const REDACTED = '********';

/**
 * The outcome without secrets that are not fields of the endpoint's config: those of the platform, a key inside a URL,
 * an access token. The core redacts fields of the config and everything that looks like a token, in more encodings.
 */
export function redactSecrets(outcome: Outcome, secrets: readonly string[]): Outcome {
  const forms = secrets.filter(Boolean).flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]);
  const redact = (text: string): string => forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
  const { message, excerpt } = outcome;
  return {
    ...outcome,
    ...(message !== undefined && { message: redact(message) }),
    ...(excerpt !== undefined && { excerpt: redact(excerpt) }),
  };
}
