import { inspect } from 'node:util';
import { type MockInstance, vi } from 'vitest';

/** Records everything that is written to the outputs of logs, and passes it on. */
export interface LogTap {
  /** Returns the text written since the last call. */
  take(): string;
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
    take: () => spies.flatMap((spy) => spy.mock.calls.splice(0).flat().map(asText)).join('\n'),
    stop() {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

const asText = (written: unknown): string => {
  if (written instanceof Uint8Array) return Buffer.from(written).toString();
  return typeof written === 'string' ? written : inspect(written, { depth: 10 });
};
