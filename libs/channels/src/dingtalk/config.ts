import { z } from 'zod';
import { apiUrlSchema, credentialSchema, keyInQuery, type RobotKind, robotFields, robotsSchema } from '../kit/index.js';

export const PUBLIC_URL = 'https://oapi.dingtalk.com';

export const ROBOT: RobotKind = {
  example: `${PUBLIC_URL}/robot/send?access_token=…`,
  publicUrls: [PUBLIC_URL],
  keyOf: keyInQuery('access_token'),
};

const CHATS_MAX = 100;
/** https://open.dingtalk.com/document/orgapp/customize-robot-security-settings */
const KEYWORDS_MAX = 10;

const robotSchema = z.strictObject({
  ...robotFields(ROBOT),
  keywords: z
    .array(
      z
        .string()
        .min(1)
        .max(100)
        .refine((word) => word.isWellFormed() && !/\p{Cc}/u.test(word) && word === word.trim(), {
          error: 'must not have control characters, or spaces at its ends',
        }),
    )
    .max(KEYWORDS_MAX)
    .default([])
    .meta({
      title: 'Keywords',
      description: '自定义关键词 of the robot: a message that holds none of them gets the first',
    }),
  secret: credentialSchema.optional().meta({
    title: 'Secret',
    description: 'of the robot whose security setting is 加签: begins with SEC',
    writeOnly: true,
  }),
});

const appSchema = z.strictObject({
  appKey: credentialSchema.meta({ title: 'App key', description: 'AppKey (Client ID) of the app' }),
  appSecret: credentialSchema.meta({ title: 'App secret', description: 'AppSecret (Client Secret)', writeOnly: true }),
  chatIds: z
    .array(credentialSchema)
    .min(1)
    .max(CHATS_MAX)
    .superRefine((ids, context) => {
      for (const [index, id] of ids.entries()) {
        if (ids.indexOf(id) === index) continue;
        context.addIssue({ code: 'custom', path: [index], message: 'must not be in the list twice' });
      }
    })
    .meta({ title: 'Chats', description: 'chatid of each group, each a target of its own' }),
});

/** The settings of a `dingtalk` endpoint. */
export const dingtalkConfig = z
  .strictObject({
    app: appSchema
      .optional()
      .meta({ title: 'App', description: 'an app of the company, which sends to groups it made' }),
    robots: robotsSchema(ROBOT, robotSchema).optional(),
    apiUrl: apiUrlSchema([PUBLIC_URL]),
  })
  .refine(({ app, robots = [] }) => app !== undefined || robots.length > 0, {
    error: 'must be given, or robots must',
    path: ['app'],
  });

export type DingtalkApp = z.output<typeof appSchema>;
export type DingtalkRobot = z.output<typeof robotSchema>;
