import { type MailAddress, parseMailAddress, parseSmtpUrl, type SmtpServer, smtpHost, smtpPort } from '#libs/contracts';
import type { ConfigProblem, Platform } from '../channel.js';
import type { EmailConfig } from './config.js';

/** The mail server of the endpoint, else of the platform; undefined if neither has one. */
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

/** The sender of the endpoint, else of the platform; undefined if neither has one. */
export function senderOf(config: EmailConfig, platform: Platform): MailAddress | undefined {
  const text = config.from ?? platform.smtpFrom;
  return text === undefined ? undefined : parseMailAddress(text);
}

/** Problems of a config that needs a setting that the platform lacks. */
export function platformProblems(config: EmailConfig, platform: Platform): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!serverOf(config, platform)) {
    problems.push({ path: ['host'], message: 'is missing; set it, or SMTP_URL for the platform' });
  }
  if (!senderOf(config, platform)) {
    problems.push({ path: ['from'], message: 'is missing; set it, or SMTP_FROM for the platform' });
  }
  return problems;
}

/** The parsed addresses of a config. */
export const addressesOf = (texts: readonly string[] = []): MailAddress[] =>
  texts.flatMap((text) => parseMailAddress(text) ?? []);

/** All recipients of the mail, without duplicates. */
export function recipientsOf(config: EmailConfig): string[] {
  return [...new Set([...addressesOf(config.to), ...addressesOf(config.cc)].map(({ address }) => address))];
}
