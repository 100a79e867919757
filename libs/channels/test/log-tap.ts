import { inspect } from 'node:util';
import { type MockInstance, vi } from 'vitest';

/** Hears all that is written where logs go, and lets it pass. */
export interface LogTap {
  /** What was written since it was last asked. */
  hear(): string;
  stop(): void;
}

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

export function tapLogs(): LogTap {
  const spies: MockInstance[] = [
    ...METHODS.map((method) => vi.spyOn(console, method)),
    vi.spyOn(process.stdout, 'write'),
    vi.spyOn(process.stderr, 'write'),
  ];
  return {
    hear: () => spies.flatMap((spy) => spy.mock.calls.splice(0).flat().map(asText)).join('\n'),
    stop() {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

const asText = (written: unknown): string => {
  if (written instanceof Uint8Array) return Buffer.from(written).toString();
  return typeof written === 'string' ? written : inspect(written, { depth: 10 });
};
