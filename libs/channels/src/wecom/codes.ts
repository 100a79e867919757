import { answerFields, type CodeMeaning, type CodeTable, codes, type Provider, textOf } from '../kit/index.js';

const MINUTE_MS = 60_000;
/** The retry delay after too many concurrent calls, which end soon. */
const CONCURRENT_MS = 2_000;

const misconfigured = (advice?: CodeMeaning['advice']): CodeMeaning => ({
  kind: 'misconfigured',
  ...(advice !== undefined && { advice }),
});

/** Codes of a wrong or expired access token. WeCom may revoke a token before it expires. */
export const TOKEN_REFUSED: readonly string[] = ['40014', '41001', '42001'];

/**
 * https://developer.work.weixin.qq.com/document/path/90313. Exceeding a rate of calls blocks them for a minute:
 * https://developer.work.weixin.qq.com/document/path/90454
 */
const CODES: CodeTable = new Map([
  ...codes([-1, 6000], { kind: 'unavailable' }),
  ...codes([45009], { kind: 'throttled', retryAfterMs: MINUTE_MS }),
  ...codes([45033], { kind: 'throttled', retryAfterMs: CONCURRENT_MS }),
  ...codes(TOKEN_REFUSED, misconfigured('a new access token was refused too; check that the app is enabled')),
  ...codes(
    [40001, 40091, 41004],
    misconfigured(
      'check `secret`: it must be that of this app (应用管理 → the app → Secret), and the app must be enabled',
    ),
  ),
  ...codes([40013, 41002], misconfigured('check `corpId`: 我的企业 → 企业信息 → 企业ID')),
  ...codes(
    [40056, 41011, 301002],
    misconfigured('check `agentId`: it must be that of the app that `secret` belongs to'),
  ),
  ...codes([48002, 60011], misconfigured('the app has no permission; check its permissions and 可见范围')),
  ...codes([60020], misconfigured(addressToAllow)),
  ...codes(
    [81013],
    misconfigured(
      'none of `toUser`, `toParty` and `toTag` exists and is visible to the app; check them and its 可见范围',
    ),
  ),
  ...codes(
    [40003, 40031, 40032, 40066, 40068, 82001, 82002, 82003],
    misconfigured('check `toUser`, `toParty` and `toTag`'),
  ),
  ...codes([93000], misconfigured('check `webhookUrl`: its key is wrong, or the robot was removed from its group')),
  ...codes([93004], misconfigured('the robot is disabled; enable it in its group')),
  ...codes([93008], misconfigured('the robot was removed from its group; add a new one')),
]);

function addressToAllow(text: string): string {
  const [, address] = /from ip: ?([\da-fA-F.:]{3,45})/.exec(text) ?? [];
  return `add ${address ?? 'the address of this installation'} to 企业可信IP on the page of the app; the change takes a minute`;
}

/** WeCom reports errors with HTTP 200 and `errcode`. */
export const WECOM: Provider = {
  name: 'WeCom',
  codes: CODES,
  read(answer) {
    const body = answerFields(answer);
    const code = textOf(body?.errcode);
    return code === '' ? undefined : { code, text: textOf(body?.errmsg) };
  },
};
