import { fieldError, fieldErrors, type FieldError } from '#libs/validation';
import { InvalidSettings } from '../settings/settings-errors.js';
import { resolveMasks } from '../secrets/masks.js';
import type { ChannelKind, ChannelKinds } from './channel-kinds.js';
import type { EndpointSettings } from './endpoint-settings.js';

/** Says where a template does not compile; undefined where it does. */
export type TemplateCheck = (source: string) => { message: string; line: number; column: number } | undefined;

type Config = Record<string, unknown>;

/** The channel that settings name. @throws InvalidSettings */
export function requireKind(kinds: ChannelKinds, type: string): ChannelKind {
  const kind = kinds.find(type);
  if (kind) return kind;
  throw new InvalidSettings([fieldError(['channel'], `must be one of ${kinds.types.join(', ')}, not ${JSON.stringify(type.slice(0, 64))}`)]);
}

/**
 * Checks all that the shape alone does not tell, and gives the config as its channel reads it, masks replaced by what
 * is stored. @throws InvalidSettings
 */
export function checkConfig(kind: ChannelKind, settings: EndpointSettings, stored: Config, checkTemplate: TemplateCheck): Config {
  const resolved = resolveMasks(kind.config, settings.config, stored);
  const parsed = kind.config.safeParse(resolved.config);
  const errors: FieldError[] = [...resolved.errors];
  if (!parsed.success) {
    const masked = new Set(resolved.errors.map((error) => error.path));
    errors.push(...fieldErrors(parsed.error.issues, ['config']).filter((error) => !masked.has(error.path)));
  }
  for (const name of ['title', 'content'] as const) {
    const source = settings.template[name];
    const failure = source === undefined ? undefined : checkTemplate(source);
    if (failure) {
      errors.push(fieldError(['template', name], `does not compile: ${failure.message} (line ${failure.line}, column ${failure.column})`));
    }
  }
  if (errors.length > 0 || !parsed.success) throw new InvalidSettings(errors);
  return parsed.data as Config;
}
