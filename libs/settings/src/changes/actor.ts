import type { Role } from '#libs/security';

/** The author of a change of settings: the holder of an API key, or a command on the server. */
export type Actor =
  | { readonly kind: 'key'; readonly name: string; readonly role: Role; readonly team: string | null }
  | { readonly kind: 'command'; readonly name: string };
