import { createHmac } from 'node:crypto';

/**
 * The signed URL of a robot with the security setting 加签, valid for an hour:
 * https://open.dingtalk.com/document/orgapp/customize-robot-security-settings
 */
export function signedUrl(webhookUrl: string, secret: string, now: Date): string {
  const timestamp = String(now.getTime());
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const query = `timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`;
  return `${webhookUrl}${webhookUrl.includes('?') ? '&' : '?'}${query}`;
}
