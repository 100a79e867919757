import { z } from 'zod';
import { apiUrlSchema, credentialSchema, type RobotKind, robotFields, robotsSchema } from '../kit/index.js';

/** The addresses of Feishu, and of Lark, its international edition. */
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
    description: 'the secret of a robot with the security setting 签名校验',
    writeOnly: true,
  }),
});

/** The settings of a `feishu` endpoint. */
export const feishuConfig = z.strictObject({
  robots: robotsSchema(ROBOT, robotSchema).refine((robots) => robots.length > 0, {
    error: 'must contain at least one robot',
  }),
  apiUrl: apiUrlSchema(PUBLIC_URLS),
});

export type FeishuRobot = z.output<typeof robotSchema>;
