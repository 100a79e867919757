import type { Schemas } from '../../api/client.js';
import { withoutEmpty } from '../../schema-form/without-empty.js';

export type Endpoint = Schemas['Endpoint'];
type Create = Schemas['EndpointCreate'];

/** An endpoint as the form holds it. Empty texts stand for defaults. */
export interface Draft {
  name: string;
  channel: string;
  team: string;
  enabled: boolean;
  levels: string[];
  pushPeriod: string;
  maxPushes: number;
  policies: string[];
  title: string;
  content: string;
  config: Record<string, unknown>;
}

const DEFAULT_LEVELS = ['fatal', 'error', 'nodata', 'warning', 'recovered'];

export const newDraft = (channel: string): Draft => ({
  ...{ name: '', channel, team: '', enabled: true, levels: DEFAULT_LEVELS, pushPeriod: '', maxPushes: 0 },
  ...{ policies: ['*'], title: '', content: '', config: {} },
});

export const draftOf = ({ template, ...endpoint }: Endpoint): Draft => ({
  ...endpoint,
  policies: [],
  title: template.title ?? '',
  content: template.content ?? '',
});

/** The fields that a new endpoint and a changed one have in common. */
function fieldsOf({ name, enabled, levels, maxPushes, config }: Draft) {
  return { name, enabled, levels, maxPushes, config: (withoutEmpty(config) ?? {}) as Record<string, unknown> };
}

export function createBodyOf(draft: Draft): Create {
  const { channel, team, pushPeriod, policies, title, content } = draft;
  return {
    ...fieldsOf(draft),
    channel,
    policies,
    template: { ...(title && { title }), ...(content && { content }) },
    ...(team && { team }),
    ...(pushPeriod && { pushPeriod }),
  } as Create;
}

/** The changes of an endpoint: a setting that was removed is null in a JSON Merge Patch. */
export function patchBodyOf(draft: Draft, saved: Endpoint): Schemas['EndpointPatch'] {
  const { title, content, pushPeriod } = draft;
  const { config, ...fields } = fieldsOf(draft);
  return {
    ...fields,
    config: removedAsNull(config, saved.config),
    pushPeriod: pushPeriod || null,
    template: { title: title || null, content: content || null },
  } as Schemas['EndpointPatch'];
}

function removedAsNull(now: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  const patch: Record<string, unknown> = { ...now };
  for (const [name, old] of Object.entries(before)) {
    const value = now[name];
    if (value === undefined) patch[name] = null;
    else if (isGroup(value) && isGroup(old)) patch[name] = removedAsNull(value, old);
  }
  return patch;
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
