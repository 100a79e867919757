import { randomBytes } from 'node:crypto';
import { giveIds, listTemplates, repeatedIds, restoreSecrets, SECRET_MASK } from '#libs/channels';
import { type FieldError, fieldError, fieldErrors } from '#libs/validation';
import { InvalidSettings } from '../settings/settings-errors.js';
import type { ChannelKind, ChannelKinds } from './channel-kinds.js';
import type { EndpointSettings } from './endpoint-settings.js';

/** Says why a template does not compile, with line and column; undefined where it does. */
export type TemplateCheck = (source: string) => string | undefined;

type Config = Record<string, unknown>;

/** The channel that settings name. @throws InvalidSettings */
export function requireKind(kinds: ChannelKinds, type: string): ChannelKind {
  const kind = kinds.find(type);
  if (kind) return kind;
  throw new InvalidSettings([
    fieldError(['channel'], `must be one of ${kinds.types.join(', ')}, not ${JSON.stringify(type.slice(0, 64))}`),
  ]);
}

/**
 * Checks all that the shape alone does not tell, and gives the config as its channel reads it, masks replaced by what
 * is stored. @throws InvalidSettings
 */
export function checkConfig(
  kind: ChannelKind,
  settings: EndpointSettings,
  stored: Config,
  checkTemplate: TemplateCheck,
): Config {
  const { config, missing } = restoreSecrets(kind.config, settings.config, stored);
  const errors = missing.map((path) => fieldError(['config', ...path], NOTHING_STORED));
  errors.push(
    ...repeatedIds(kind.config, config).map(({ path, id }) =>
      fieldError(['config', ...path], `must be unlike those of the other elements, and ${JSON.stringify(id)} is not`),
    ),
  );
  const parsed = kind.config.safeParse(config);
  if (!parsed.success) {
    const masked = new Set(errors.map((error) => error.path));
    errors.push(...fieldErrors(parsed.error.issues, ['config']).filter((error) => !masked.has(error.path)));
  }
  errors.push(...templateErrors(kind, settings, config, checkTemplate));
  if (parsed.success) {
    const problems = kind.problems?.(parsed.data as Config) ?? [];
    errors.push(...problems.map(({ path, message }) => fieldError(['config', ...path], message)));
  }
  if (errors.length > 0 || !parsed.success) throw new InvalidSettings(errors);
  return giveIds(kind.config, parsed.data as Config, newElementId);
}

const NOTHING_STORED = `is masked (${SECRET_MASK}), and there is nothing stored that it could stand for (elements of a list are known by their id)`;

const newElementId = (): string => randomBytes(9).toString('base64url');

/** Templates stand in `template` and wherever a channel's config takes one. */
function templateErrors(
  kind: ChannelKind,
  settings: EndpointSettings,
  config: Config,
  checkTemplate: TemplateCheck,
): FieldError[] {
  const own = Object.entries(settings.template).map(([name, source]) => ({ path: ['template', name], source }));
  const inConfig = listTemplates(kind.config, config).map(({ path, source }) => ({
    path: ['config', ...path],
    source,
  }));
  return [...own, ...inConfig].flatMap(({ path, source }) => {
    const why = checkTemplate(source);
    return why === undefined ? [] : [fieldError(path, `is a template that does not compile: ${why}`)];
  });
}
