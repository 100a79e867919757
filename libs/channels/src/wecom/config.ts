import { z } from 'zod';
import { apiUrlSchema, credentialSchema, keyInQuery, type RobotKind, robotFields, robotsSchema } from '../kit/index.js';

export const PUBLIC_URL = 'https://qyapi.weixin.qq.com';

export const ROBOT: RobotKind = {
  example: `${PUBLIC_URL}/cgi-bin/webhook/send?key=…`,
  publicUrls: [PUBLIC_URL],
  keyOf: keyInQuery('key'),
};

/** https://developer.work.weixin.qq.com/document/path/90236 */
const USERS_MAX = 1_000;
const PARTIES_MAX = 100;
const TAGS_MAX = 100;

/** A list of ids; WeCom separates them by `|`, and departments and tags have numbers. */
const recipients = (max: number) =>
  z
    .array(
      z.preprocess(
        (value) => (typeof value === 'number' ? String(value) : value),
        credentialSchema
          .max(128)
          .refine((id) => !id.includes('|'), { error: 'must not contain |; write each id as an element of the list' }),
      ),
    )
    .max(max)
    .default([]);

const appFields = z.strictObject({
  corpId: credentialSchema.meta({ title: 'Corp ID', description: '企业ID on the page 我的企业' }),
  agentId: z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
      z.int().min(0),
    )
    .meta({ title: 'Agent ID', description: 'AgentId on the page of the app' }),
  secret: credentialSchema.meta({ title: 'Secret', description: 'the Secret on the page of the app', writeOnly: true }),
  toUser: recipients(USERS_MAX).meta({
    title: 'Users',
    description: `ids of members, at most ${USERS_MAX}; @all alone sends to all members`,
  }),
  toParty: recipients(PARTIES_MAX).meta({
    title: 'Departments',
    description: `ids of departments, at most ${PARTIES_MAX}`,
  }),
  toTag: recipients(TAGS_MAX).meta({ title: 'Tags', description: `ids of tags, at most ${TAGS_MAX}` }),
});

const appSchema = appFields.superRefine(({ toUser, toParty, toTag }, context) => {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['toUser'], message });
  if (toUser.length + toParty.length + toTag.length === 0)
    refuse('is empty; set at least one of toUser, toParty and toTag');
  if (toUser.includes('@all') && toUser.length + toParty.length + toTag.length > 1) {
    refuse('must contain nothing beside @all; WeCom ignores other recipients then');
  }
});

/** The settings of a `wecom` endpoint. */
export const wecomConfig = z
  .strictObject({
    app: appSchema.optional().meta({ title: 'App', description: 'an app of the company; it sends to members' }),
    robots: robotsSchema(ROBOT, z.strictObject(robotFields(ROBOT))).optional(),
    apiUrl: apiUrlSchema([PUBLIC_URL]),
  })
  .refine(({ app, robots = [] }) => app !== undefined || robots.length > 0, {
    error: 'is missing; set app, robots or both',
    path: ['app'],
  });

export type WecomConfig = z.output<typeof wecomConfig>;
export type WecomApp = z.output<typeof appSchema>;
