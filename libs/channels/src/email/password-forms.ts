import type { SmtpServer } from '#libs/contracts';

/** The password of a server as it was told and as AUTH writes it: what the server may give back. */
export function passwordForms({ username = '', password }: SmtpServer): string[] {
  return password === undefined ? [] : [password, base64(password), base64(`\0${username}\0${password}`)];
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
