import type { LookupFunction } from 'node:net';
import { EgressDeniedError } from '#libs/network';
import type { NameLookup } from './name-lookup.js';

/** Resolves a name to the addresses that may be reached. The address that is checked is the one connected to. */
export function createGuardedLookup(mayReach: (address: string) => boolean, lookup: NameLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, (error, all) => {
      const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
      const found = family === 0 ? all : all.filter((one) => one.family === family);
      const allowed = found.filter((one) => mayReach(one.address));
      const first = allowed[0];
      if (error) callback(error, '');
      else if (!first) callback(new EgressDeniedError(hostname, all.map((one) => one.address).slice(0, 4)), '');
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
