import { ConfigError } from './config-error.js';

/** Loads the configuration; on an invalid one prints the problems, without a stack trace, and exits. */
export function configOrExit<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
