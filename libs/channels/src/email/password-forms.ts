import type { SmtpServer } from '#libs/contracts';

/** The password in clear and in the encodings of AUTH: a server may repeat any of them in a reply. */
export function passwordForms({ username = '', password }: SmtpServer): string[] {
  return password === undefined ? [] : [password, base64(password), base64(`\0${username}\0${password}`)];
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
