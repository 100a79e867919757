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
/** Who sends more than 20 in a minute is refused for ten: https://open.dingtalk.com/document/orgapp/custom-robot-access */
const PENALTY_MS = 10 * MINUTE_MS;
/** A quota of the month or the day: the longest wait there is. */
const QUOTA_MS = 60 * MINUTE_MS;

const misconfigured = (advice: CodeMeaning['advice']): CodeMeaning => ({ kind: 'misconfigured', advice });
const PENALTY: CodeMeaning = { kind: 'throttled', retryAfterMs: PENALTY_MS };

/** A token that is wrong, or no longer valid; inside 88 too. 40001 is for secrets, and for tokens as well. */
export const TOKEN_REFUSED: readonly string[] = ['40014', '42001', '88/40014', '88/42001', '40001'];

/** https://open.dingtalk.com/document/orgapp/error-code */
const CODES: CodeTable = new Map([
  ...codes([-1, 34015], { kind: 'unavailable' }),
  ...codes([130101, 410100], PENALTY),
  ...codes([90030], { kind: 'throttled', retryAfterMs: QUOTA_MS }),
  ...codes([90002, 90005, 90006, 90018, '88/90018', '88/90002'], { kind: 'throttled', retryAfterMs: MINUTE_MS }),
  ...codes([310000], misconfigured(securitySetting)),
  ...codes(
    [300001, 300005, 400101, 400106],
    misconfigured('check `webhookUrl`: there is no robot with its access_token'),
  ),
  ...codes([400102], misconfigured('the robot is disabled in its group')),
  ...codes([400013], misconfigured('the group of the robot was dissolved')),
  ...codes(TOKEN_REFUSED, misconfigured('check `appKey` and `appSecret`, and whether the app is enabled')),
  ...codes([40089, 40096], misconfigured('check `appKey` and `appSecret`')),
  ...codes([33001, 40013], misconfigured('check `appKey`: its company is not known')),
  ...codes([60011, '88/60011'], misconfigured('the app may not do this: add the permission in its 权限管理')),
  ...codes([60020, '88/60020'], misconfigured(addressToAllow)),
  ...codes([34001, 34013], misconfigured('check `chatIds`: there is no such group')),
  ...codes([34007, 34012], misconfigured('the app is not in this group: it may send only to groups that it made')),
]);

const SECURITY: readonly (readonly [RegExp, string])[] = [
  [/keyword|关键词/i, 'the security setting 自定义关键词: give `keywords` as they are set for the robot'],
  [/timestamp|时间戳|过期/i, 'the security setting 加签: the clock of this installation is more than an hour off'],
  [/sign|签名/i, "the security setting 加签: `secret` must be this robot's, which begins with SEC"],
  [/\bip\b|ip地址|白名单/i, 'the security setting IP地址: add the address of this installation to it'],
];

function securitySetting(words: string): string {
  // Errors of late explain at length how to sign, and name the timestamp while they do.
  const [said = ''] = /description:[^;]*/.exec(words) ?? [words];
  const found = SECURITY.find(([pattern]) => pattern.test(said));
  return found?.[1] ?? 'a security setting of the robot: give its `keywords` or `secret`, or allow the address';
}

function addressToAllow(words: string): string {
  const [, address] = /(?:ip|IP)[^\d]{0,20}((?:\d{1,3}\.){3}\d{1,3})/.exec(words) ?? [];
  return `add ${address ?? 'the address of this installation'} to 服务器出口IP in the settings of the app`;
}

/**
 * Failures come as HTTP 200 with `errcode`, those of an interface with `sub_code` besides, and some that say that too much
 * was sent with nothing but `status` and `punish`.
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
      text: textOf(body?.errmsg) || `${punish || 'refused'} for now`,
      meaning: PENALTY,
    };
  },
};
