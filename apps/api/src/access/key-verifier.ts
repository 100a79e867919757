import type { Principal } from '#libs/security';

/** Checks an API key; returns its principal, or undefined for a wrong key. */
export type KeyVerifier = (presented: string) => Principal | undefined;
