import {
  answerFields,
  type CodeMeaning,
  type CodeTable,
  codes,
  type Provider,
  type ProviderResult,
  textOf,
} from '../kit/index.js';

const MINUTE_MS = 60_000;
/** After more than 20 messages a minute, DingTalk refuses for ten minutes: https://open.dingtalk.com/document/orgapp/custom-robot-access */
const PENALTY_MS = 10 * MINUTE_MS;
/** The retry delay after the quota of a month or day is used up. */
const QUOTA_MS = 60 * MINUTE_MS;

const misconfigured = (advice: CodeMeaning['advice']): CodeMeaning => ({ kind: 'misconfigured', advice });
const PENALTY: CodeMeaning = { kind: 'throttled', retryAfterMs: PENALTY_MS };

/** Codes of a wrong or expired access token, also inside 88. Code 40001 means a wrong secret or token. */
export const TOKEN_REFUSED: readonly string[] = ['40014', '42001', '88/40014', '88/42001', '40001'];

/** https://open.dingtalk.com/document/orgapp/error-code */
const CODES: CodeTable = new Map([
  ...codes([-1, 34015], { kind: 'unavailable' }),
  ...codes([130101, 410100], PENALTY),
  ...codes([90030], { kind: 'throttled', retryAfterMs: QUOTA_MS }),
  ...codes([90002, 90005, 90006, 90018, '88/90018', '88/90002'], { kind: 'throttled', retryAfterMs: MINUTE_MS }),
  ...codes([310000], misconfigured(securitySetting)),
  ...codes([300001, 300005, 400101, 400106], misconfigured('check `webhookUrl`: no robot has its access_token')),
  ...codes([400102], misconfigured('the robot is disabled; enable it in its group')),
  ...codes([400013], misconfigured('the group of the robot was dissolved; remove the robot from `robots`')),
  ...codes(TOKEN_REFUSED, misconfigured('check `appKey` and `appSecret`, and that the app is enabled')),
  ...codes([40089, 40096], misconfigured('check `appKey` and `appSecret`')),
  ...codes([33001, 40013], misconfigured('check `appKey`: its company is unknown')),
  ...codes([60011, '88/60011'], misconfigured('the app has no permission; add it in 权限管理')),
  ...codes([60020, '88/60020'], misconfigured(addressToAllow)),
  ...codes([34001, 34013], misconfigured('check `chatIds`: the group does not exist')),
  ...codes(
    [34007, 34012],
    misconfigured('the app is not in this group; it can send only to groups that it has created'),
  ),
]);

const SECURITY: readonly (readonly [RegExp, string])[] = [
  [/keyword|关键词/i, 'security setting 自定义关键词: set `keywords` to those of the robot'],
  [
    /timestamp|时间戳|过期/i,
    'security setting 加签: the clock of this installation is more than an hour off; correct it',
  ],
  [/sign|签名/i, 'security setting 加签: use the `secret` of this robot, which begins with SEC'],
  [/\bip\b|ip地址|白名单/i, 'security setting IP地址: add the address of this installation to the list'],
];

function securitySetting(text: string): string {
  // Newer errors explain signing at length and mention the timestamp, so only the description counts.
  const [description = ''] = /description:[^;]*/.exec(text) ?? [text];
  const found = SECURITY.find(([pattern]) => pattern.test(description));
  return found?.[1] ?? 'a security setting of the robot: set `keywords` or `secret`, or allow the address';
}

function addressToAllow(text: string): string {
  const [, address] = /(?:ip|IP)[^\d]{0,20}((?:\d{1,3}\.){3}\d{1,3})/.exec(text) ?? [];
  return `add ${address ?? 'the address of this installation'} to 服务器出口IP of the app`;
}

/**
 * DingTalk reports errors with HTTP 200 and `errcode`, errors of an interface also with `sub_code`. Some answers about
 * exceeded limits have only `status` and `punish`.
 */
export const DINGTALK: Provider = {
  name: 'DingTalk',
  codes: CODES,
  read(answer): ProviderResult | undefined {
    const body = answerFields(answer);
    const errcode = textOf(body?.errcode);
    const subCode = textOf(body?.sub_code);
    if (errcode !== '') {
      const text = textOf(body?.sub_msg) || textOf(body?.errmsg);
      return { code: errcode === '88' && subCode !== '' ? `88/${subCode}` : errcode, text };
    }
    const status = textOf(body?.status);
    const punish = textOf(body?.punish);
    if (punish === '' && (status === '' || status === '0')) return undefined;
    return {
      code: status || 'punish',
      text: textOf(body?.errmsg) || `temporarily ${punish || 'refused'}`,
      meaning: PENALTY,
    };
  },
};
