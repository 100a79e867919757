import { z } from 'zod';
import { durationSchema, LEVELS, parseDuration } from '#libs/contracts';
import {
  AS_STORED,
  AS_TEXT,
  type CreateOf,
  createOnly,
  declareResource,
  immutable,
  inMs,
  internal,
  madeByRules,
  nameSchema,
  readOnly,
  type SettingsOf,
  settable,
  TIMES,
  teamKeySchema,
} from '../fields/index.js';
import { policyKeySchema } from '../policies/schemas.js';

const TEMPLATE_CHARS_MAX = 65_536;
const RATE_MAX = 10_000;
const DAY_MS = 86_400_000;

/** An endpoint in the examples of the API. */
export const ENDPOINT_EXAMPLE = {
  name: 'ops hook',
  channel: 'http',
  config: { url: 'https://example.com/alerts', headers: { authorization: 'Bearer …' } },
  pushPeriod: '12h',
  policies: ['cpu-high'],
};

/** A duration within limits that its error names. */
const durationBetween = (least: string, most: string) =>
  durationSchema.refine(
    (text) => {
      const ms = parseDuration(text);
      return ms === undefined || (ms >= (parseDuration(least) ?? 0) && ms <= (parseDuration(most) ?? DAY_MS));
    },
    { error: `must be from ${least} to ${most}` },
  );

const rateLimitSchema = z.strictObject({
  max: z.int().min(1).max(RATE_MAX),
  per: durationBetween('1s', '1d'),
});

const templateSchema = z.strictObject({
  title: z.string().min(1).max(TEMPLATE_CHARS_MAX).optional(),
  content: z.string().max(TEMPLATE_CHARS_MAX).optional(),
});

/** Every field of an endpoint, in the order of the API's answers. */
export const endpointFields = {
  id: readOnly(z.string(), { column: 'text', snapshot: AS_STORED }),
  name: settable(nameSchema.meta({ description: 'unique within the team', example: 'ops mail' }), {
    column: 'text',
    snapshot: AS_STORED,
  }),
  team: immutable(teamKeySchema.optional(), { column: 'text', snapshot: AS_STORED }),
  channel: immutable(
    z
      .string()
      .max(64)
      .meta({ description: 'one of GET /api/v1/channels; cannot be changed', example: ENDPOINT_EXAMPLE.channel }),
    { column: 'text', snapshot: AS_STORED },
  ),
  enabled: settable(z.boolean().default(true), { column: 'boolean', snapshot: { unreadable: false } }),
  config: settable(
    z.record(z.string(), z.unknown()).meta({ description: 'what the channel needs, see GET /api/v1/channels' }),
    {
      column: 'jsonb',
      secretsByRow: true,
      answered: 'secrets are masked; those that a change would send to another destination must be sent again',
      snapshot: madeByRules<Record<string, unknown>>({}),
    },
  ),
  levels: settable(
    z
      .array(z.enum(LEVELS))
      .min(1)
      .max(20)
      .default(LEVELS.filter((level) => level !== 'info'))
      .meta({ description: 'the levels that are pushed' }),
    { column: 'text[]', snapshot: AS_STORED },
  ),
  pushPeriod: settable(
    durationSchema
      .default('12h')
      .meta({ description: 'within it, at most one push for a policy and object; 0s pushes every event' }),
    { column: 'text', snapshot: inMs('pushPeriodMs') },
  ),
  maxPushes: settable(
    z.int().min(0).max(1_000_000).default(0).meta({ description: 'the most pushes of one episode; 0 means no limit' }),
    { column: 'integer', snapshot: AS_STORED },
  ),
  pushOnEscalation: settable(z.boolean().default(true), { column: 'boolean', snapshot: AS_STORED }),
  periodAcrossRecovery: settable(z.boolean().default(false), { column: 'boolean', snapshot: AS_STORED }),
  /** Null follows the channel's default, so that a change of the provider's limit needs no change of settings. */
  rateLimit: settable(
    rateLimitSchema
      .nullable()
      .default(null)
      .meta({ description: "at most `max` sends in any window of `per`; null: nine tenths of the provider's limit" }),
    { column: 'jsonb', snapshot: madeByRules<{ max: number; perMs: number } | null>(null) },
  ),
  expireAfter: settable(
    durationBetween('1s', '365d').default('24h').meta({ description: 'how long a delivery is tried' }),
    { column: 'text', snapshot: inMs('expireAfterMs') },
  ),
  digestAfter: settable(
    durationSchema.default('1m').meta({
      description:
        'if more deliveries wait for a target than its rate limit lets through in this time, digests combine them; 0s: never. On channels that people read.',
    }),
    { column: 'text', snapshot: inMs('digestAfterMs') },
  ),
  fallback: settable(
    z
      .string()
      .min(1)
      .max(64)
      .nullable()
      .default(null)
      .meta({ description: 'id of the endpoint of the same team that takes what ends dead here' }),
    {
      column: 'text',
      answered: 'id of the endpoint that takes what ends dead here',
      snapshot: AS_STORED,
    },
  ),
  template: settable(
    templateSchema.default({}).meta({
      description:
        "texts to use in place of the channel's own, in Jinja syntax; GET /api/v1/channels lists variables and filters, docs/templates.md explains them",
    }),
    { column: 'jsonb', snapshot: AS_STORED },
  ),
  policies: createOnly(
    z
      .array(policyKeySchema)
      .max(1_000)
      .default([])
      .meta({ description: 'keys of policies to link at once; missing ones are made' }),
    {},
  ),
  policyCount: readOnly(z.int(), {}),
  /** The version of the settings that changed the row last; a process keeps what it read until the version grows. */
  changedIn: internal(z.int(), { column: 'bigint' }),
  createdAt: TIMES.createdAt,
  updatedAt: { ...TIMES.updatedAt, snapshot: AS_TEXT },
};

export const endpointDeclaration = declareResource({
  name: 'endpoints',
  one: 'an endpoint',
  key: ['id'],
  unique: 'name',
  fields: endpointFields,
  examples: { create: ENDPOINT_EXAMPLE, patch: { pushPeriod: '1h', config: { headers: { 'x-old': null } } } },
  removeOptions: {
    force: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'delete it though policies link to it, or it is the fallback of other endpoints' }),
  },
  removeDescription:
    'What waits for it is cancelled. Where policies link to it, 409 names their keys, and where it is the fallback of other endpoints, those, unless it is forced; forced, they have no fallback any more.',
});

export type EndpointFields = typeof endpointFields;
export type EndpointSettings = SettingsOf<EndpointFields>;
export type EndpointCreate = CreateOf<EndpointFields>;

/** The body of a test of settings that are not stored. */
export const endpointTestSchema = endpointDeclaration.schemas.settings
  .extend({
    name: endpointFields.name.schema.default('test'),
    id: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'an endpoint whose stored secrets masks stand for; only at the same destination' }),
    policies: z.array(z.string()).optional(),
  })
  .meta({ id: 'EndpointTest', example: { channel: ENDPOINT_EXAMPLE.channel, config: ENDPOINT_EXAMPLE.config } });

/** The body of a copy; without one, Tocsin makes a name. */
export const endpointCloneSchema = z
  .strictObject({
    name: nameSchema
      .optional()
      .meta({ description: 'unique within the team; made from the name of the copied where missing' }),
    policies: endpointFields.policies.schema,
  })
  .default({ policies: [] })
  .meta({ id: 'EndpointClone', example: { name: 'ops mail of the night shift' } });

export const testResultSchema = z
  .object({
    ok: z.boolean().meta({ description: 'whether every target took the message' }),
    targets: z.array(
      z.object({
        target: z.string(),
        ok: z.boolean(),
        detail: z.string(),
        providerResponse: z.string().meta({ description: 'empty where no provider was reached' }),
        durationMs: z.number(),
      }),
    ),
  })
  .meta({ id: 'TestResult' });
