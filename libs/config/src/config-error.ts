/** Settings that the process cannot start with; the message is for the operator, line by line. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(['The environment is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigError';
  }
}
