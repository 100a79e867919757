import type { z } from 'zod';
import type { Config, FieldIdentity, FieldPath } from '../config/config-fields.js';
import { type ChangedDestination, changedDestinations } from '../destinations/changed-destinations.js';
import { mapSecrets } from './map-secrets.js';
import { SECRET_MASK } from './mask-secrets.js';

/** An incoming config with stored secrets in place of its masks. It must not be saved unless both lists are empty. */
export interface Restored {
  config: Config;
  /** Masks without a stored secret. */
  missing: FieldPath[];
  /** Stored secrets that the config would send to another destination, and a field that changes it. */
  moved: { path: FieldPath; changed: FieldPath }[];
}

/**
 * Replaces the masks in an incoming config by the stored secrets; call it before the schema validates the config. A secret
 * stays with its destination: otherwise a person who may change settings, but not read secrets, could have one sent to an
 * address of their own.
 */
export function restoreSecrets(schema: z.ZodType, incoming: Config, stored: Config | undefined): Restored {
  const known = new Map<string, string>();
  if (stored) {
    mapSecrets(schema, stored, (secret, { identity }) => {
      known.set(JSON.stringify(identity), secret);
      return secret;
    });
  }
  const missing: FieldPath[] = [];
  const kept: { path: FieldPath; identity: FieldIdentity }[] = [];
  const config = mapSecrets(schema, incoming, (secret, { path, identity }) => {
    if (secret !== SECRET_MASK) return secret;
    const restored = known.get(JSON.stringify(identity));
    if (restored === undefined) missing.push(path);
    else kept.push({ path, identity });
    return restored ?? secret;
  });
  const changes = stored && kept.length > 0 ? changedDestinations(schema, stored, config) : [];
  const moved = kept.flatMap(({ path, identity }) => {
    const change = changes.find(({ scope }) => governs(scope, identity));
    return change ? [{ path, changed: change.path }] : [];
  });
  return { config, missing, moved };
}

const governs = (scope: ChangedDestination['scope'], identity: FieldIdentity): boolean =>
  JSON.stringify(identity.slice(0, scope.length)) === JSON.stringify(scope);
