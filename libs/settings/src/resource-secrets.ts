import { secretPaths } from '#libs/channels';
import { type FieldError, fieldError } from '#libs/validation';
import { InvalidSettings } from './changes/index.js';
import type { Declaration, Field } from './fields/index.js';
import {
  maskSecrets,
  type Owner,
  openSecrets,
  restoreSecrets,
  type SecretBox,
  type SecretSchemas,
  sealSecrets,
} from './secrets/index.js';

type Json = Record<string, unknown>;

/**
 * The secrets of one kind of resource: fields whose schemas mark secrets, and fields whose schema depends on the row.
 * Both are found by the declaration alone, so a field with a secret is never shown or stored in clear.
 */
export class ResourceSecrets {
  private readonly fixed: SecretSchemas;
  private readonly byRow: readonly string[];

  constructor(
    private readonly declaration: Pick<Declaration, 'noun' | 'fields'>,
    private readonly shapeOf: (settings: Json) => SecretSchemas | undefined,
    private readonly box: SecretBox,
  ) {
    const fields = Object.entries<Field>(declaration.fields);
    this.byRow = fields.filter(([, field]) => field.secretsByRow).map(([name]) => name);
    this.fixed = Object.fromEntries(
      fields.filter(([, { schema }]) => secretPaths(schema).length > 0).map(([name, { schema }]) => [name, schema]),
    );
  }

  /** The schema of each field with secrets. @throws InvalidSettings if a row names a schema that is not known */
  schemasOf(settings: Json): SecretSchemas {
    return { ...this.fixed, ...this.shapeOf(settings) };
  }

  /** Fields with masks for secrets. Without its schema the secret texts are unknown, so all are left out. */
  mask(stored: Json): Json {
    const unknown = Object.fromEntries(this.byRow.map((name) => [name, {}]));
    return { ...unknown, ...maskSecrets(stored, this.schemasOrNone(stored)) };
  }

  seal(id: string, settings: Json): Json {
    return sealSecrets(settings, this.schemasOf(settings), this.ownerOf(id), this.box);
  }

  /** Stored fields in clear. If secrets can no longer be decrypted, only whole new fields help. @throws InvalidSettings */
  open(id: string, stored: Json, change: Json): Json {
    return this.openThese(this.schemasOf(stored), id, stored, change);
  }

  private openThese(schemas: SecretSchemas, id: string, stored: Json, change: Json): Json {
    const opened: Json = {};
    for (const [field, schema] of Object.entries(schemas)) {
      try {
        Object.assign(opened, openSecrets(stored, { [field]: schema }, this.ownerOf(id), this.box));
      } catch {
        if (change[field] === undefined || change[field] === null) {
          const why = `holds secrets that can no longer be decrypted; send the whole ${field} again`;
          throw new InvalidSettings([fieldError([field], why)]);
        }
        opened[field] = typeof change[field] === 'object' ? {} : undefined;
      }
    }
    return opened;
  }

  /** Secrets of a stored resource that masks in other settings stand for: those of fields with the same schema. */
  openLike(id: string, stored: Json, settings: Json): Json {
    const wanted = this.schemasOf(settings);
    const known = this.schemasOrNone(stored);
    const same = Object.fromEntries(Object.entries(known).filter(([field, schema]) => wanted[field] === schema));
    return this.openThese(same, id, stored, settings);
  }

  /** Settings with stored secrets in place of masks. */
  restore(settings: Json, stored: Json): { restored: Json; errors: FieldError[] } {
    return restoreSecrets(settings, stored, this.schemasOf(settings));
  }

  private schemasOrNone(stored: Json): SecretSchemas {
    try {
      return this.schemasOf(stored);
    } catch (error) {
      if (error instanceof InvalidSettings) return this.fixed;
      throw error;
    }
  }

  private ownerOf(id: string): Owner {
    const [unnamed] = this.byRow;
    return { noun: this.declaration.noun, id, ...(unnamed !== undefined && { unnamed }) };
  }
}
