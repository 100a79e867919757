import { ConfigError } from './config-error.js';

/** What a process starts with, or its end: a bad setting is told to whoever started it, without a stack trace. */
export function configOrExit<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
