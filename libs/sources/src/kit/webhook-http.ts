import type { SourceHttp } from '../source.js';

/** The answers of all webhooks. Their senders do not retry after 429. */
export const WEBHOOK_HTTP = {
  description:
    "Each alert's own status counts. Invalid alerts are listed in `rejected` and the others are taken in; 400 only if " +
    'all alerts are invalid. Over a quota the answer is 503, since senders do not retry after 429.',
  answer: 'report',
  truncates: true,
  overQuota: 503,
} as const satisfies Partial<SourceHttp>;
