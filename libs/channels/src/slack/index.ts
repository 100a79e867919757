import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel, type Message, type Target } from '../channel.js';
import { addressId, failureOutcome, READABLE_TEMPLATE, urlUnder } from '../kit/index.js';
import { callOutcome, readReceipt, webhookOutcome } from './answer.js';
import { bodyOf, CONTENT_UNITS_MAX, HEADER_UNITS_MAX, plainBodyOf, type SlackBody } from './blocks.js';
import { channelName, type SlackConfig, slackConfig } from './config.js';
import { BLOCKS_REFUSED, THREAD_GONE } from './error-codes.js';

const METHOD = 'chat.postMessage';
const CALL_MS = 10_000;
/** Time limit of a send. It makes at most three calls; only the last may be slow, because refusals come at once. */
const SEND_MS = 30_000;

/** The channel and thread of a message. */
interface Destination {
  channel?: string | undefined;
  thread_ts?: string;
  reply_broadcast?: true;
}

/** Posts to Slack by a webhook, or by a token to each of its channels. */
export const slack = defineChannel({
  type: 'slack',
  label: 'Slack',
  readBy: 'people',
  digests: true,
  config: slackConfig,
  escaping: 'mrkdwn',
  template: READABLE_TEMPLATE,
  limits: {
    // One a second for each channel or webhook, with short bursts, so it is counted over ten seconds.
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
      return await postWithFallbacks(
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

/** The targets: each channel of a token, or one for a webhook. */
function addressesOf({
  webhookUrl,
  channel,
  token,
  channels = [],
  apiUrl,
}: SlackConfig): (Target & Pick<Destination, 'channel'>)[] {
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

interface SlackRequest extends Destination, SlackBody {}

type Post = (request: SlackRequest) => Promise<Outcome>;

/**
 * Posts a later message of an episode as a reply to the first one, also shown in the channel. The first message is not
 * edited: an edit notifies nobody and costs a call. If the thread is gone, the message is posted to the channel; if Slack
 * refuses the blocks, it is posted as plain text.
 */
async function postWithFallbacks(
  message: Message,
  home: Destination,
  receipt: string | undefined,
  post: Post,
): Promise<Outcome> {
  const first = receipt === undefined ? undefined : readReceipt(receipt);
  let destination = first ? { channel: first.channel, thread_ts: first.ts, reply_broadcast: true as const } : home;
  let outcome = await post({ ...destination, ...bodyOf(message) });
  if (first && THREAD_GONE.has(outcome.code ?? '')) {
    destination = home;
    outcome = await post({ ...destination, ...bodyOf(message) });
  }
  if (BLOCKS_REFUSED.has(outcome.code ?? '')) outcome = await post({ ...destination, ...plainBodyOf(message) });
  // A reply refers to the first message of a thread, so its receipt stays.
  return outcome.kind === 'delivered' && receipt !== undefined && destination !== home
    ? { ...outcome, receipt }
    : outcome;
}

/** The function that posts a request, by webhook or token. */
function postWith(config: SlackConfig, { deliveryId }: Message, io: ChannelIo): Post {
  const { webhookUrl, token, apiUrl } = config;
  const [url, outcomeOf] =
    webhookUrl === undefined ? [urlUnder(apiUrl, METHOD), callOutcome] : [webhookUrl, webhookOutcome];
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
    return outcomeOf(answer, io.now(), request.channel);
  };
}
