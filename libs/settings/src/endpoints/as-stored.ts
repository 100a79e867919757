import type { Answer } from '../fields/index.js';
import type { EndpointFields, EndpointSettings } from './schemas.js';

type Json = Record<string, unknown>;

/** The patch in the terms of the stored settings, so that merging it does what its sender means. */
export function asStored(patch: Json, stored: EndpointSettings, shown: Answer<EndpointFields>): Json {
  return keepDefaultRate(sameHeaderNames(patch, stored), stored, shown);
}

/** A default rate limit that was shown and sent back is still the default, not a limit of the endpoint's own. */
function keepDefaultRate(patch: Json, stored: EndpointSettings, shown: Answer<EndpointFields>): Json {
  const { rateLimit } = patch;
  if (stored.rateLimit !== null || shown.rateLimit === null || !isObject(rateLimit)) return patch;
  const same =
    Object.keys(rateLimit).length === 2 &&
    rateLimit.max === shown.rateLimit.max &&
    rateLimit.per === shown.rateLimit.per;
  return same ? { ...patch, rateLimit: null } : patch;
}

/** Headers have the same name in any case: `authorization` in a patch means the stored `Authorization`. */
function sameHeaderNames(patch: Json, stored: EndpointSettings): Json {
  const { config } = patch;
  if (!isObject(config) || !isObject(config.headers) || !isObject(stored.config.headers)) return patch;
  const known = new Map(Object.keys(stored.config.headers).map((name) => [name.toLowerCase(), name]));
  const headers = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [known.get(name.toLowerCase()) ?? name, value]),
  );
  return { ...patch, config: { ...config, headers } };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
