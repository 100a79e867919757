import type { Outcome, SmtpServer } from '#libs/contracts';

const MASK = '********';

/**
 * The outcome without the password, should the server have given it back as it was told or as AUTH writes it. The core
 * knows the secrets of endpoints; those of the platform only the channel does.
 */
export function blankSecrets(outcome: Outcome, { username = '', password }: SmtpServer): Outcome {
  if (password === undefined) return outcome;
  const forms = [password, base64(password), base64(`\0${username}\0${password}`)];
  const blank = (text: string): string => forms.reduce((blanked, form) => blanked.replaceAll(form, MASK), text);
  const { message, excerpt } = outcome;
  return {
    ...outcome,
    ...(message !== undefined && { message: blank(message) }),
    ...(excerpt !== undefined && { excerpt: blank(excerpt) }),
  };
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
