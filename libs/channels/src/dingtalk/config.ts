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
          error: 'must not have control characters, or blanks at the beginning or end',
        }),
    )
    .max(KEYWORDS_MAX)
    .default([])
    .meta({
      title: 'Keywords',
      description: '自定义关键词 of the robot; the first one is added to a message that contains none',
    }),
  secret: credentialSchema.optional().meta({
    title: 'Secret',
    description: 'the secret of a robot with the security setting 加签; begins with SEC',
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
        context.addIssue({ code: 'custom', path: [index], message: 'must differ from every other id in the list' });
      }
    })
    .meta({ title: 'Chats', description: 'the chatid of each group; each is a target of its own' }),
});

/** The settings of a `dingtalk` endpoint. */
export const dingtalkConfig = z
  .strictObject({
    app: appSchema
      .optional()
      .meta({ title: 'App', description: 'an app of the company; it sends to groups that it has created' }),
    robots: robotsSchema(ROBOT, robotSchema).optional(),
    apiUrl: apiUrlSchema([PUBLIC_URL]),
  })
  .refine(({ app, robots = [] }) => app !== undefined || robots.length > 0, {
    error: 'is missing; set app, robots or both',
    path: ['app'],
  });

export type DingtalkApp = z.output<typeof appSchema>;
export type DingtalkRobot = z.output<typeof robotSchema>;
