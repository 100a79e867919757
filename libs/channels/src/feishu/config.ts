import { z } from 'zod';
import { apiUrlSchema, credentialSchema, type RobotKind, robotFields, robotsSchema } from '../kit/index.js';

/** Feishu's, and that of Lark, which is Feishu elsewhere. */
export const PUBLIC_URLS = ['https://open.feishu.cn', 'https://open.larksuite.com'] as const;

export const ROBOT: RobotKind = {
  example: `${PUBLIC_URLS[0]}/open-apis/bot/v2/hook/…`,
  publicUrls: PUBLIC_URLS,
  keyOf: (webhookUrl) => /\/hook\/([\w-]+)\/?(?:[?#]|$)/.exec(webhookUrl)?.[1] ?? webhookUrl,
};

const robotSchema = z.strictObject({
  ...robotFields(ROBOT),
  secret: credentialSchema.optional().meta({
    title: 'Secret',
    description: 'of the robot whose security setting is 签名校验',
    writeOnly: true,
  }),
});

/** The settings of a `feishu` endpoint. */
export const feishuConfig = z.strictObject({
  robots: robotsSchema(ROBOT, robotSchema).refine((robots) => robots.length > 0, {
    error: 'must name at least one robot',
  }),
  apiUrl: apiUrlSchema(PUBLIC_URLS),
});

export type FeishuRobot = z.output<typeof robotSchema>;
