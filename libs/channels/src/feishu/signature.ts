import { createHmac } from 'node:crypto';

/**
 * What a robot whose security setting is 签名校验 wants in the body, good for an hour: the key is made of the time, and what is
 * signed is empty. https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function signatureOf(secret: string, now: Date): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
