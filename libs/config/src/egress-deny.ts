/**
 * Addresses denied by default: unspecified ones, which the kernel routes to this machine, and link-local ones, at which
 * clouds serve credentials. The mapped forms are the same IPv4 ranges. `libs/outbound/src/egress/egress-guard.ts` checks
 * every connection against the list.
 */
const ALWAYS = ['0.0.0.0/8', '::/128', '::ffff:0.0.0.0/104', '169.254.0.0/16', 'fe80::/10', '::ffff:169.254.0.0/112'];
const LOOPBACK = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104'];

/** Denied ranges by default. In standalone mode loopback is allowed, since receivers often run on the same machine. */
export const defaultEgressDeny = (standalone: boolean): readonly string[] =>
  standalone ? ALWAYS : [...ALWAYS, ...LOOPBACK];
