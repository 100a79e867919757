import { z } from 'zod';
import { durationSchema, LEVELS, parseDuration } from '#libs/contracts';
import { nameSchema, policyKeySchema, teamKeySchema } from '../policies/policy-settings.js';
import { ENDPOINT_EXAMPLE } from './endpoint-example.js';

const TEMPLATE_CHARS_MAX = 65_536;
const RATE_MAX = 10_000;
const DAY_MS = 86_400_000;

/** A duration within limits that are told in its error. */
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

/**
 * What people set of an endpoint. Changing one means merging a patch into this shape and checking it again; `config` is
 * checked by its channel.
 */
export const endpointSettingsSchema = z.strictObject({
  name: nameSchema.meta({ description: 'unique within the team', example: 'ops mail' }),
  team: teamKeySchema.optional(),
  channel: z
    .string()
    .max(64)
    .meta({ description: 'one of GET /api/v1/channels; cannot be changed', example: ENDPOINT_EXAMPLE.channel }),
  enabled: z.boolean().default(true),
  config: z.record(z.string(), z.unknown()).meta({ description: 'what the channel needs, see GET /api/v1/channels' }),
  levels: z
    .array(z.enum(LEVELS))
    .min(1)
    .max(20)
    .default(LEVELS.filter((level) => level !== 'info'))
    .meta({ description: 'the levels that are pushed' }),
  pushPeriod: durationSchema
    .default('12h')
    .meta({ description: 'within it, at most one push for a policy and object; 0s pushes every event' }),
  maxPushes: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .meta({ description: 'the most pushes of one episode; 0 means no limit' }),
  pushOnEscalation: z.boolean().default(true),
  periodAcrossRecovery: z.boolean().default(false),
  rateLimit: rateLimitSchema
    .nullable()
    .default(null)
    .meta({ description: "at most `max` sends in any window of `per`; null: nine tenths of the provider's limit" }),
  expireAfter: durationBetween('1s', '365d').default('24h').meta({ description: 'how long a delivery is tried' }),
  digestAfter: durationSchema.default('1m').meta({
    description:
      'when more waits for a target than its rate limit lets through in this time, it is told together in digests; 0s: never. On channels that people read.',
  }),
  fallback: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .meta({ description: 'id of the endpoint of the same team that takes what ends dead here' }),
  template: templateSchema.default({}).meta({
    description:
      "texts to use in place of the channel's own, in Jinja syntax; GET /api/v1/channels lists variables and filters, docs/templates.md explains them",
  }),
});
export type EndpointSettings = z.output<typeof endpointSettingsSchema>;

export const endpointCreateSchema = endpointSettingsSchema.extend({
  policies: z
    .array(policyKeySchema)
    .max(1_000)
    .default([])
    .meta({ description: 'keys of policies to link at once; missing ones are made' }),
});
export type EndpointCreate = z.output<typeof endpointCreateSchema>;

export const endpointCloneSchema = z.strictObject({
  name: nameSchema
    .optional()
    .meta({ description: 'unique within the team; made from the name of the copied where missing' }),
  policies: endpointCreateSchema.shape.policies,
});
export type EndpointClone = z.output<typeof endpointCloneSchema>;
