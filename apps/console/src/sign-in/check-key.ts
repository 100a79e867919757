import { ApiError } from '../api/api-error.js';

/** @throws ApiError if the key is not valid, or may not use the console */
export async function checkKey(key: string): Promise<void> {
  const response = await fetch('api/v1/endpoints?limit=1', {
    headers: { authorization: `Bearer ${key}` },
    cache: 'no-store',
  });
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
}
