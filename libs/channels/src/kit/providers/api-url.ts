import { z } from 'zod';
import { httpUrlSchema } from '../http/http-url.js';

/** A key, secret or id that a provider issued; it is sent unchanged. */
export const credentialSchema = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => text.isWellFormed() && !/[\p{Cc}\s]/u.test(text), {
    error: 'must not contain spaces or control characters',
  });

/**
 * The field `apiUrl` of a provider's channel.
 * @param publicUrls the public addresses of the provider's API, the default one first
 */
export const apiUrlSchema = (publicUrls: readonly [string, ...string[]]) =>
  httpUrlSchema
    .refine((address) => !/[?#]/.test(address), { error: 'must not have a query or a fragment' })
    .optional()
    .meta({
      title: 'API URL',
      // Displayed only, not stored: without `apiUrl` a webhook at another public address is called unchanged.
      default: publicUrls[0],
      description: `a gateway or proxy that replaces ${publicUrls.join(' or ')}; other webhook addresses are called unchanged`,
    });

/** The base URL of the provider's API, without a slash at its end. */
export const apiBase = (apiUrl: string | undefined, publicUrl: string): string =>
  (apiUrl ?? publicUrl).replace(/\/{1,2048}$/, '');

/** The URL to call for a webhook: `apiUrl` replaces the public address if it is a gateway. */
export function webhookVia(webhookUrl: string, apiUrl: string | undefined, publicUrls: readonly string[]): string {
  if (apiUrl === undefined || publicUrls.includes(apiBase(apiUrl, ''))) return webhookUrl;
  const replaced = publicUrls.find((url) => webhookUrl.toLowerCase().startsWith(`${url}/`));
  return replaced === undefined ? webhookUrl : apiBase(apiUrl, replaced) + webhookUrl.slice(replaced.length);
}
