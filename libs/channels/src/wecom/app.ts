import type { Outcome } from '#libs/contracts';
import type { ChannelIo } from '../channel.js';
import { answerFields, apiBase, postMessage, requestToken, sendWithToken, textOf } from '../kit/index.js';
import { TOKEN_REFUSED, WECOM } from './codes.js';
import { PUBLIC_URL, type WecomApp } from './config.js';

/** Sends markdown to members of the company: https://developer.work.weixin.qq.com/document/path/90236 */
export async function sendByApp(
  content: string,
  app: WecomApp,
  apiUrl: string | undefined,
  io: ChannelIo,
): Promise<Outcome> {
  const base = apiBase(apiUrl, PUBLIC_URL);
  const { corpId, secret } = app;
  const tokenQuery = new URLSearchParams({ corpid: corpId, corpsecret: secret });
  const body = JSON.stringify(bodyOf(content, app));
  const outcome = await sendWithToken(io, {
    credential: `wecom ${base} ${corpId} ${secret}`,
    issue: () => requestToken(io, `${base}/cgi-bin/gettoken?${tokenQuery}`, WECOM),
    isRefused: ({ code = '' }) => TOKEN_REFUSED.includes(code),
    send: (token) =>
      postMessage(io, `${base}/cgi-bin/message/send?${new URLSearchParams({ access_token: token })}`, body, WECOM),
  });
  return outcome.kind === 'delivered' ? withRefused(outcome) : outcome;
}

function bodyOf(content: string, { agentId, toUser, toParty, toTag }: WecomApp): object {
  const list = (name: string, ids: readonly string[]) => (ids.length > 0 ? { [name]: ids.join('|') } : {});
  return {
    ...list('touser', toUser),
    ...list('toparty', toParty),
    ...list('totag', toTag),
    msgtype: 'markdown',
    agentid: agentId,
    markdown: { content },
  };
}

/** The fields of an answer with recipients who did not get the message, and the reasons. */
const REFUSED = {
  invaliduser: ['', 'unknown or not visible to the app'],
  invalidparty: ['department ', 'unknown or not visible to the app'],
  invalidtag: ['tag ', 'unknown or not visible to the app'],
  unlicenseduser: ['', 'without a licence for the interface'],
} as const;

/** Adds the recipients that a successful answer lists as left out: https://developer.work.weixin.qq.com/document/path/90236 */
function withRefused(outcome: Outcome): Outcome {
  const answer = answerFields({ excerpt: outcome.excerpt ?? '' }) ?? {};
  const partial: string[] = [];
  const reasons: string[] = [];
  for (const [field, [kind, reason]] of Object.entries(REFUSED)) {
    const ids = textOf(answer[field]).split('|').filter(Boolean);
    if (ids.length === 0) continue;
    const named = ids.map((id) => kind + id);
    partial.push(...named);
    reasons.push(`${named.join(', ')} (${reason})`);
  }
  return partial.length === 0
    ? outcome
    : { ...outcome, partial, message: `WeCom answered 0 and left out ${reasons.join('; ')}` };
}
