/** Invalid configuration; the message lists one problem a line for the operator. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(['The environment is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigError';
  }
}
