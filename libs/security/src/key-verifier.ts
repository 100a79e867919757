import { hash, timingSafeEqual } from 'node:crypto';
import type { Principal } from './principal.js';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Creates the check of API keys; it returns the key's principal, or undefined. It compares digests, which have one length,
 * so that the comparison takes the same time for any input.
 */
export function createKeyVerifier(adminKey: string): (presented: string) => Principal | undefined {
  if (adminKey === '') throw new Error('the administrator key must not be empty');
  const admin = digest(adminKey);
  const principal: Principal = Object.freeze({ keyName: 'admin', role: 'platform-admin', team: null });
  return (presented) => (timingSafeEqual(digest(presented), admin) ? principal : undefined);
}
