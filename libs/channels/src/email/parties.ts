import { type MailAddress, parseMailAddress, parseSmtpUrl, type SmtpServer, smtpHost, smtpPort } from '#libs/contracts';
import type { ConfigProblem, Platform } from '../channel.js';
import type { EmailConfig } from './config.js';

/** The mail server of the endpoint, or the platform's; undefined where there is neither. */
export function serverOf(config: EmailConfig, platform: Platform): SmtpServer | undefined {
  const host = config.host === undefined ? undefined : smtpHost(config.host);
  if (host === undefined) return platform.smtpUrl === undefined ? undefined : parseSmtpUrl(platform.smtpUrl);
  const { security, port = smtpPort(security), username, password, caCert } = config;
  return {
    host,
    port,
    security,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(caCert !== undefined && { caCert }),
  };
}

/** Who the mail is from; undefined where neither the endpoint nor the platform says. */
export function senderOf(config: EmailConfig, platform: Platform): MailAddress | undefined {
  const text = config.from ?? platform.smtpFrom;
  return text === undefined ? undefined : parseMailAddress(text);
}

/** What an endpoint leaves to a platform that does not have it. */
export function platformProblems(config: EmailConfig, platform: Platform): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!serverOf(config, platform)) {
    problems.push({ path: ['host'], message: 'must be given: the platform has no mail server (SMTP_URL)' });
  }
  if (!senderOf(config, platform)) {
    problems.push({ path: ['from'], message: 'must be given: the platform has no sender (SMTP_FROM)' });
  }
  return problems;
}

/** The addresses of a config, as they are told to the server and shown in the mail. */
export const addressesOf = (texts: readonly string[] = []): MailAddress[] =>
  texts.flatMap((text) => parseMailAddress(text) ?? []);

/** Everybody who is to get the mail, once each. */
export function recipientsOf(config: EmailConfig): string[] {
  return [...new Set([...addressesOf(config.to), ...addressesOf(config.cc)].map(({ address }) => address))];
}
