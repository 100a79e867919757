import type { RedisClient } from '#libs/redis';

/** Conditions of the scripts of mailboxes that they do not find in Redis. */
export interface MailboxOptions {
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
  /** From 0 up to but not including 1; spreads the attempts of targets that failed together. */
  random?: () => number;
  /** Whether Redis is so full that details of delivered outcomes are left out. */
  shedding?: () => boolean;
}

export interface MailboxContext extends MailboxOptions {
  redis: RedisClient;
}
