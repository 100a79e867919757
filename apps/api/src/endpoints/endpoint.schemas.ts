import { z } from 'zod';
import { LEVELS } from '#libs/contracts';
import { ENDPOINT_EXAMPLE, endpointCloneSchema, endpointCreateSchema, endpointSettingsSchema } from '#libs/persistence';
import { mergePatchOf } from '../docs/merge-patch-of.js';
import { describedBy } from '../docs/to-open-api.js';
import { pageOf, pageQuery, teamQuery } from '../http/paging.js';

export const createBody = endpointCreateSchema.meta({ id: 'EndpointCreate', example: ENDPOINT_EXAMPLE });

/** A patch is any object; merging it tells whether it fits. */
export const patchBody = describedBy(
  z.record(z.string(), z.unknown()),
  mergePatchOf(endpointSettingsSchema.omit({ team: true, channel: true })).meta({
    id: 'EndpointPatch',
    description: 'a JSON Merge Patch: null puts a default back',
    example: { pushPeriod: '1h', config: { headers: { 'x-old': null } } },
  }),
);
export type PatchBody = z.output<typeof patchBody>;

export const testBody = endpointSettingsSchema
  .extend({
    name: endpointSettingsSchema.shape.name.default('test'),
    id: z.string().max(64).optional().meta({ description: 'an endpoint whose stored secrets masks stand for' }),
    policies: z.array(z.string()).optional(),
  })
  .meta({ id: 'EndpointTest', example: { channel: ENDPOINT_EXAMPLE.channel, config: ENDPOINT_EXAMPLE.config } });

/** No body asks for a name of Tocsin's choice. */
export const cloneBody = endpointCloneSchema
  .default({ policies: [] })
  .meta({ id: 'EndpointClone', example: { name: 'ops mail of the night shift' } });
export type CloneBody = z.output<typeof cloneBody>;

/** A stored endpoint is tested as it is. */
export const noBody = z.strictObject({}).optional();

export const endpointAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    team: z.string(),
    channel: z.string(),
    enabled: z.boolean(),
    config: z.record(z.string(), z.unknown()).meta({ description: 'secrets are masked' }),
    levels: z.array(z.enum(LEVELS)),
    pushPeriod: z.string(),
    maxPushes: z.int(),
    pushOnEscalation: z.boolean(),
    periodAcrossRecovery: z.boolean(),
    rateLimit: z.object({ max: z.int(), per: z.string() }).nullable(),
    expireAfter: z.string(),
    digestAfter: z.string(),
    fallback: z.string().nullable().meta({ description: 'id of the endpoint that takes what ends dead here' }),
    template: z.object({ title: z.string().optional(), content: z.string().optional() }),
    policyCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Endpoint' });

export const endpointPage = pageOf(endpointAnswer);

export const testAnswer = z
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

export const listQuery = z.strictObject({ ...pageQuery, team: teamQuery });
export const deleteQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'delete it though policies link to it, or it is the fallback of other endpoints' }),
});
export type ListQuery = z.output<typeof listQuery>;
export type DeleteQuery = z.output<typeof deleteQuery>;
export type TestBody = z.output<typeof testBody>;
