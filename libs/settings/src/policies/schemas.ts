import { z } from 'zod';
import { LEVELS } from '#libs/contracts';
import { checkMatch, MatchError, REGEX_CHARS_MAX } from '#libs/matching';
import {
  AS_STORED,
  type CreateOf,
  declareResource,
  immutable,
  nameSchema,
  type SettingsOf,
  settable,
  TIMES,
  teamKeySchema,
} from '../fields/index.js';

const MATCH_ENTRIES_MAX = 50;
export const POLICY_KEY_CHARS_MAX = 256;
export const POLICY_ENDPOINTS_MAX = 1_000;

export const policyKeySchema = z
  .string()
  .min(1)
  .max(POLICY_KEY_CHARS_MAX)
  .meta({ description: 'the `policy` of the events it takes, or `*` for all events of its team', example: 'cpu-high' });

/** The conditions of an event; see createMatcher for the meaning of the entries. */
const matchSchema = z
  .record(z.string().min(1).max(256), z.string().max(REGEX_CHARS_MAX + 1))
  .superRefine((match, context) => {
    const names = Object.keys(match);
    if (names.length === 0) {
      context.addIssue({
        code: 'custom',
        message: 'must have at least one entry; leave it out to take events by their policy',
      });
    }
    if (names.length > MATCH_ENTRIES_MAX) {
      context.addIssue({
        code: 'custom',
        message: `has ${names.length} entries, at most ${MATCH_ENTRIES_MAX} are allowed`,
      });
      return;
    }
    for (const name of names) {
      const why = whyUnusable(name, match[name] as string);
      if (why) context.addIssue({ code: 'custom', path: [name], message: why });
    }
  })
  .meta({
    description:
      '`policy`, `object`, `level` or the name of a label, to a value, or to `~` and a regular expression (RE2) for the whole value',
    example: { region: 'gz', object: '~host-\\d+' },
  });

function whyUnusable(name: string, pattern: string): string | undefined {
  if (name === 'level' && !pattern.startsWith('~') && !(LEVELS as readonly string[]).includes(pattern)) {
    return `must be one of ${LEVELS.join(', ')}, or ~ and a regular expression`;
  }
  try {
    checkMatch({ [name]: pattern });
    return undefined;
  } catch (error) {
    if (error instanceof MatchError) return error.message;
    throw error;
  }
}

/** Every field of a policy, in the order of the API's answers. */
export const policyFields = {
  key: immutable(policyKeySchema, { column: 'text', snapshot: AS_STORED }),
  name: settable(nameSchema.optional().meta({ description: 'for people; the key if there is none' }), {
    column: 'text',
    fallsBackTo: 'key',
    snapshot: AS_STORED,
  }),
  team: immutable(teamKeySchema.optional(), { column: 'text', snapshot: AS_STORED }),
  endpoints: settable(
    z
      .array(z.string().min(1).max(64))
      .max(POLICY_ENDPOINTS_MAX)
      .default([])
      .meta({ description: 'ids of endpoints of the same team' }),
    { snapshot: { as: 'endpointIds', made: true, unreadable: [] as readonly string[] } },
  ),
  match: settable(matchSchema.nullable().default(null), { column: 'jsonb', snapshot: AS_STORED }),
  enabled: settable(z.boolean().default(true), { column: 'boolean', snapshot: AS_STORED }),
  ...TIMES,
};

export const policyDeclaration = declareResource({
  name: 'policies',
  one: 'a policy',
  key: ['team', 'key'],
  fields: policyFields,
  examples: {
    create: { key: 'cpu-high', name: 'CPU above 90 %', endpoints: ['01995f3a-7c1e-7a3b-9d0f-2b6c8e4a1f00'] },
    patch: { match: { region: 'gz' } },
  },
  filters: {
    endpoint: z.string().min(1).max(64).optional().meta({ description: 'only policies that link to this endpoint' }),
  },
  removeDescription: 'Recoveries of alerts that it has pushed are still pushed.',
});

export type PolicyFields = typeof policyFields;
export type PolicySettings = SettingsOf<PolicyFields>;
export type PolicyCreate = CreateOf<PolicyFields>;
