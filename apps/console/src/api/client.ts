import createClient, { type Middleware } from 'openapi-fetch';
import { language } from '../i18n/i18n.js';
import { ApiError } from './api-error.js';
import type { components, paths } from './generated/schema.js';
import { session } from './session.js';

export type Schemas = components['schemas'];

const asCaller: Middleware = {
  onRequest({ request }) {
    if (session.key()) request.headers.set('authorization', `Bearer ${session.key()}`);
    request.headers.set('accept-language', language());
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    throw new ApiError(response.status, await response.json().catch(() => ({})));
  },
};

/** The API by its OpenAPI document. Each call throws ApiError for an error status, TypeError if the API is unreachable. */
export const api = createClient<paths>({ baseUrl: '.', cache: 'no-store' });
api.use(asCaller);

/** The body of an answer. */
export async function bodyOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
