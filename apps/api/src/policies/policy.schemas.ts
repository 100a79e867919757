import { z } from 'zod';
import { policySettingsSchema } from '#libs/persistence';
import { mergePatchOf } from '../docs/merge-patch-of.js';
import { describedBy } from '../docs/to-open-api.js';
import { pageOf, pageQuery, teamQuery } from '../http/paging.js';

export const createBody = policySettingsSchema.meta({
  id: 'PolicyCreate',
  example: { key: 'cpu-high', name: 'CPU above 90 %', endpoints: ['01995f3a-7c1e-7a3b-9d0f-2b6c8e4a1f00'] },
});

/** A patch is any object; merging it tells whether it fits. */
export const patchBody = describedBy(
  z.record(z.string(), z.unknown()),
  mergePatchOf(policySettingsSchema.omit({ key: true, team: true })).meta({
    id: 'PolicyPatch',
    description: 'a JSON Merge Patch: null puts a default back',
    example: { match: { region: 'gz' } },
  }),
);
export type PatchBody = z.output<typeof patchBody>;

export const policyAnswer = z
  .object({
    key: z.string(),
    name: z.string(),
    team: z.string(),
    endpoints: z.array(z.string()),
    match: z.record(z.string(), z.string()).nullable(),
    enabled: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Policy' });

export const policyPage = pageOf(policyAnswer);

export const listQuery = z.strictObject({
  ...pageQuery,
  team: teamQuery,
  endpoint: z.string().min(1).max(64).optional().meta({ description: 'only policies that link to this endpoint' }),
});
export const oneQuery = z.strictObject({ team: teamQuery });
export type ListQuery = z.output<typeof listQuery>;
export type OneQuery = z.output<typeof oneQuery>;
