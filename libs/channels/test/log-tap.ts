import { type MockInstance, vi } from 'vitest';

/** Hears all that is written where logs go, and lets it pass. */
export interface LogTap {
  heard(): string;
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
    heard: () => spies.flatMap((spy) => spy.mock.calls.flat().map(asText)).join('\n'),
    stop() {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

const asText = (written: unknown): string =>
  written instanceof Error
    ? `${written.stack} ${JSON.stringify(written)}`
    : typeof written === 'object'
      ? JSON.stringify(written)
      : String(written);
