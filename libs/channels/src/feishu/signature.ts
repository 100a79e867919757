import { createHmac } from 'node:crypto';

/**
 * The signature for a robot with the security setting 签名校验, valid for an hour. The HMAC key contains time and secret,
 * and the signed text is empty: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function signatureOf(secret: string, now: Date): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
