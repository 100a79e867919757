import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel, type Message, type Target } from '../channel.js';
import { addressId, failureOutcome, READABLE_TEMPLATE, urlUnder } from '../kit/index.js';
import { judgeCall, judgeWebhook, readReceipt } from './answer.js';
import { bodyOf, CONTENT_UNITS_MAX, HEADER_UNITS_MAX, plainBodyOf, type SlackBody } from './blocks.js';
import { channelName, type SlackConfig, slackConfig } from './config.js';
import { BLOCKS_REFUSED, THREAD_GONE } from './error-words.js';

const METHOD = 'chat.postMessage';
const CALL_MS = 10_000;
/** At most three calls a send; all but the last are refused, and refusals are answered at once. */
const SEND_MS = 30_000;

/** Where a message goes, besides what it says. */
interface Place {
  channel?: string | undefined;
  thread_ts?: string;
  reply_broadcast?: true;
}

/** Posts to Slack: by a webhook, or by a token to each of its channels. */
export const slack = defineChannel({
  type: 'slack',
  label: 'Slack',
  readBy: 'people',
  digests: true,
  config: slackConfig,
  escaping: 'mrkdwn',
  template: READABLE_TEMPLATE,
  limits: {
    // One a second for each channel or webhook, and short bursts of more: counted over ten seconds.
    rate: { max: 10, per: '10s' },
    title: { max: HEADER_UNITS_MAX, unit: 'characters' },
    content: { max: CONTENT_UNITS_MAX, unit: 'characters' },
    documentedAt: 'https://docs.slack.dev/apis/web-api/rate-limits',
  },
  targets: (config) => addressesOf(config).map(({ channel: _channel, ...target }) => target),
  timeoutMs: () => SEND_MS,

  async send(message, { config, target }, io): Promise<Outcome> {
    const channel = addressesOf(config).find(({ id }) => id === target.id)?.channel;
    const receipt = config.token === undefined ? undefined : message.thread.receipt;
    try {
      return await postSomehow(
        message,
        channel === undefined ? {} : { channel },
        receipt,
        postWith(config, message, io),
      );
    } catch (error) {
      return failureOutcome(error);
    }
  },
});

/** Each channel of a token is a target; of a webhook there is one. */
function addressesOf({
  webhookUrl,
  channel,
  token,
  channels = [],
  apiUrl,
}: SlackConfig): (Target & Pick<Place, 'channel'>)[] {
  if (webhookUrl !== undefined)
    return [{ id: 'webhook', label: channel ?? 'webhook', credential: webhookUrl, channel }];
  return channels.map((label) => {
    const name = channelName(label);
    return {
      id: addressId('channel', name),
      label,
      credential: [urlUnder(apiUrl, METHOD), token, name].join('\n'),
      channel: label,
    };
  });
}

interface SlackRequest extends Place, SlackBody {}

type Post = (request: SlackRequest) => Promise<Outcome>;

/**
 * What tells more of an episode, its recovery too, is a reply to its first message that the channel sees as well. The
 * first message is not changed besides: that would notify nobody, and cost a second call out of one a second. Where the
 * thread is gone the message stands alone, and where Slack refuses the blocks, its text does.
 */
async function postSomehow(message: Message, home: Place, receipt: string | undefined, post: Post): Promise<Outcome> {
  const first = receipt === undefined ? undefined : readReceipt(receipt);
  let place = first ? { channel: first.channel, thread_ts: first.ts, reply_broadcast: true as const } : home;
  let outcome = await post({ ...place, ...bodyOf(message) });
  if (first && THREAD_GONE.has(outcome.code ?? '')) {
    place = home;
    outcome = await post({ ...place, ...bodyOf(message) });
  }
  if (BLOCKS_REFUSED.has(outcome.code ?? '')) outcome = await post({ ...place, ...plainBodyOf(message) });
  // Replies belong to the first message of a thread, never to one another.
  return outcome.kind === 'delivered' && receipt !== undefined && place !== home ? { ...outcome, receipt } : outcome;
}

/** How requests are made and answers judged, by webhook or token. */
function postWith(config: SlackConfig, { deliveryId }: Message, io: ChannelIo): Post {
  const { webhookUrl, token, apiUrl } = config;
  const [url, judge] = webhookUrl === undefined ? [urlUnder(apiUrl, METHOD), judgeCall] : [webhookUrl, judgeWebhook];
  return async (request) => {
    const answer = await io.http({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Tocsin',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        ...request,
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: 'tocsin_delivery', event_payload: { delivery_id: deliveryId } },
      }),
      timeoutMs: CALL_MS,
      awaitsBody: true,
    });
    return judge(answer, io.now(), request.channel);
  };
}
