import { z } from 'zod';
import { httpUrlSchema } from '../http/http-url.js';

/** What a provider calls a key, a secret or an id, and takes as it stands. */
export const credentialSchema = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => text.isWellFormed() && !/[\p{Cc}\s]/u.test(text), {
    error: 'must not contain spaces or control characters',
  });

/**
 * The field `apiUrl` of a provider's channel.
 * @param publicUrls where the provider stands for everybody, the usual one first
 */
export const apiUrlSchema = (publicUrls: readonly [string, ...string[]]) =>
  httpUrlSchema
    .refine((address) => !/[?#]/.test(address), { error: 'must not have a query or a fragment' })
    .optional()
    .meta({
      title: 'API URL',
      // Shown, and not filled in: a webhook at another of these is left where it is.
      default: publicUrls[0],
      description: `a gateway or proxy in place of ${publicUrls.join(' or ')}; webhooks elsewhere are called as they stand`,
    });

/** The URL of the provider's API as the settings want it, without a slash at its end. */
export const apiBase = (apiUrl: string | undefined, publicUrl: string): string =>
  (apiUrl ?? publicUrl).replace(/\/{1,2048}$/, '');

/** A webhook as it is called: one at the provider's public address goes by way of `apiUrl` where that is a gateway. */
export function webhookVia(webhookUrl: string, apiUrl: string | undefined, publicUrls: readonly string[]): string {
  if (apiUrl === undefined || publicUrls.includes(apiBase(apiUrl, ''))) return webhookUrl;
  const at = publicUrls.find((url) => webhookUrl.toLowerCase().startsWith(`${url}/`));
  return at === undefined ? webhookUrl : apiBase(apiUrl, at) + webhookUrl.slice(at.length);
}
