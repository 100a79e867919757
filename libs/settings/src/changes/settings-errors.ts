import type { FieldError } from '#libs/validation';

/** Settings that do not fit; each entry names a field. */
export class InvalidSettings extends Error {
  constructor(readonly errors: FieldError[]) {
    super(errors.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; '));
    this.name = 'InvalidSettings';
  }
}

/** No resource has this id or key, or the caller may not see it. */
export class SettingsNotFound extends Error {
  constructor(what: string) {
    super(`there is no ${what}`);
    this.name = 'SettingsNotFound';
  }
}

/** A change that conflicts with other settings; `facts` are for programs. */
export class SettingsConflict extends Error {
  constructor(
    message: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'SettingsConflict';
  }
}

/** The caller may do this, but not with these settings. */
export class SettingsForbidden extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsForbidden';
  }
}
