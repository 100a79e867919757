import { expect, it } from 'vitest';
import type { AttemptReport } from '#libs/delivery';
import type { Logger } from '#libs/telemetry';
import { logAttempt } from './log-attempt.js';

const about = {
  deliveryId: 'd',
  endpointId: 'e',
  endpointName: 'ops mail',
  channel: 'email',
  target: 'ops@example.org',
};
const attempt = { n: 1, startedAt: 0, durationMs: 5, excerpt: 'what the server said' };

it.each<[AttemptReport['attempt']['outcome'], AttemptReport['verdict'], 'debug' | 'info' | 'warn']>([
  ['delivered', 'delivered', 'debug'],
  ['unavailable', 'again', 'info'],
  ['unavailable', 'cancelled', 'info'],
  ['rejected', 'dead', 'warn'],
])(
  "an attempt that was %s and ends %s is logged at %s, with the endpoint's name and without the excerpt",
  (outcome, verdict, level) => {
    const lines: [string, Record<string, unknown>][] = [];
    const line = (at: string) => (fields: Record<string, unknown>) => lines.push([at, fields]);
    const logger = { isLevelEnabled: () => true, debug: line('debug'), info: line('info'), warn: line('warn') };
    logAttempt(logger as unknown as Logger, { ...about, attempt: { ...attempt, outcome }, verdict });
    expect(lines).toEqual([[level, expect.objectContaining({ endpointName: 'ops mail', outcome, verdict })]]);
    expect(JSON.stringify(lines)).not.toContain('what the server said');
  },
);
