import { randomBytes } from 'node:crypto';
import { giveIds, listTemplates, mapSecrets, repeatedIds, SECRET_MASK } from '#libs/channels';
import { type FieldError, fieldError, fieldErrors } from '#libs/validation';
import { InvalidSettings } from '../changes/index.js';
import type { ChannelKind, ChannelKinds } from '../kinds/channel-kinds.js';
import type { TemplateCheck } from '../resource.js';
import type { EndpointSettings } from './schemas.js';

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
 * The config as its channel reads it, after all checks that the shape alone does not make. `found` are errors found
 * before, each at a mask that stands for nothing or at a secret that would move. @throws InvalidSettings
 */
export function checkConfig(
  kind: ChannelKind,
  { config, template }: EndpointSettings,
  found: readonly FieldError[],
  checkTemplate: TemplateCheck,
): Config {
  const repeated = repeatedIds(kind.config, config).map(({ path, id }) =>
    fieldError(['config', ...path], `must be unlike those of the other elements, and ${JSON.stringify(id)} is not`),
  );
  const errors = [...found, ...repeated];
  const parsed = kind.config.safeParse(config);
  if (!parsed.success) {
    const reported = new Set([...maskedPaths(kind, config), ...repeated.map(({ path }) => path)]);
    errors.push(...fieldErrors(parsed.error.issues, ['config']).filter(({ path }) => !reported.has(path)));
  }
  errors.push(...templateErrors(kind, template, config, checkTemplate));
  if (parsed.success) {
    const problems = kind.problems?.(parsed.data as Config) ?? [];
    errors.push(...problems.map(({ path, message }) => fieldError(['config', ...path], message)));
  }
  if (errors.length > 0 || !parsed.success) throw new InvalidSettings(errors);
  return giveIds(kind.config, parsed.data as Config, newElementId);
}

const newElementId = (): string => randomBytes(9).toString('base64url');

/** The paths of masks that stand for nothing; they have an error of their own. */
function maskedPaths(kind: ChannelKind, config: Config): string[] {
  const paths: string[] = [];
  mapSecrets(kind.config, config, (secret, { path }) => {
    if (secret === SECRET_MASK) paths.push(fieldError(['config', ...path], '').path);
    return secret;
  });
  return paths;
}

/** Templates stand in `template`, and in each field of a channel's config that takes one. */
function templateErrors(
  kind: ChannelKind,
  template: EndpointSettings['template'],
  config: Config,
  checkTemplate: TemplateCheck,
): FieldError[] {
  const own = Object.entries(template).map(([name, source]) => ({ path: ['template', name], source }));
  const inConfig = listTemplates(kind.config, config).map(({ path, source }) => ({
    path: ['config', ...path],
    source,
  }));
  return [...own, ...inConfig].flatMap(({ path, source }) => {
    const why = checkTemplate(source);
    return why === undefined ? [] : [fieldError(path, `is a template that does not compile: ${why}`)];
  });
}
