import type { FieldError } from '#libs/validation';

/** What was asked for does not fit; each entry names a field. */
export class InvalidSettings extends Error {
  constructor(readonly errors: FieldError[]) {
    super(errors.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; '));
    this.name = 'InvalidSettings';
  }
}

export class SettingsNotFound extends Error {
  constructor(what: string) {
    super(`there is no ${what}`);
    this.name = 'SettingsNotFound';
  }
}

/** What was asked for contradicts something that is there; `facts` are for programs. */
export class SettingsConflict extends Error {
  constructor(
    message: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'SettingsConflict';
  }
}
