import { z } from 'zod';
import { httpUrlSchema } from '../kit/index.js';

/** Maximum channels of an endpoint; https://docs.slack.dev/reference/methods/chat.postMessage posts to one channel a call. */
const CHANNELS_MAX = 20;
/** Names have at most 80 characters: https://docs.slack.dev/reference/methods/conversations.create */
const CHANNEL_CHARS_MAX = 81;
const SECRET_CHARS_MAX = 1_024;

const channelSchema = z
  .string()
  .max(CHANNEL_CHARS_MAX)
  .regex(/^[#@]?[^\s\p{Cc}<>,#@]+$/u, {
    error: (issue) => `must be the name or the id of one channel, such as #ops or C0123456789, not ${quoted(issue)}`,
  });

const quoted = (issue: { input?: unknown }): string => JSON.stringify(issue.input);

const fields = z.strictObject({
  webhookUrl: httpUrlSchema.optional().meta({
    title: 'Webhook URL',
    description: 'the address of an incoming webhook; used instead of a token',
    writeOnly: true,
  }),
  channel: channelSchema.optional().meta({
    title: 'Channel of the webhook',
    description: 'for legacy webhooks only; other webhooks post to the channel of their app',
    examples: ['#ops'],
  }),
  token: z
    .string()
    .max(SECRET_CHARS_MAX)
    .regex(/^[!-~]+$/, { error: 'must be a token of Slack, without blanks' })
    .optional()
    .meta({
      title: 'Token',
      description: 'the token of a bot (xoxb-…) or user with the scope chat:write; used instead of a webhook URL',
      writeOnly: true,
    }),
  channels: z
    .array(channelSchema)
    .min(1, { error: 'must contain at least one channel' })
    .max(CHANNELS_MAX, {
      error: ({ input }) => `must contain at most ${CHANNELS_MAX} channels, not ${(input as unknown[]).length}`,
    })
    .optional()
    .meta({
      title: 'Channels',
      description: `names or ids of the channels to post to, at most ${CHANNELS_MAX}; the bot must be a member of each`,
      examples: [['#ops', 'C0123456789']],
    }),
  apiUrl: httpUrlSchema.default('https://slack.com/api').meta({
    title: 'API URL',
    description: "the address of Slack's Web API for tokens, if a gateway replaces the public one",
  }),
});

/** The settings of a `slack` endpoint: a webhook, or a token and its channels. */
export const slackConfig = fields.superRefine((config, context) => {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const { webhookUrl, channel, token, channels } = config;
  if (webhookUrl === undefined && token === undefined) {
    refuse(['webhookUrl'], 'is missing; set webhookUrl, or token and channels');
    if (channels !== undefined) refuse(['token'], 'is missing; channels need a token');
  }
  if (webhookUrl !== undefined && token !== undefined)
    refuse(['token'], 'must not be set with webhookUrl; remove one of them');
  if (token !== undefined && channels === undefined) refuse(['channels'], 'is missing; a token needs channels');
  if (token === undefined && webhookUrl !== undefined && channels !== undefined) {
    refuse(['channels'], 'is used with a token only; for a legacy webhook set `channel`');
  }
  if (channel !== undefined && webhookUrl === undefined) {
    refuse(['channel'], 'is used with webhookUrl only; for a token set `channels`');
  }
  const names = (channels ?? []).map(channelName);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index)
      refuse(['channels', index], `must differ from every other channel, ${JSON.stringify(name)} is repeated`);
  });
});

export type SlackConfig = z.output<typeof slackConfig>;

/** The name of a channel without `#`: Slack accepts both. */
export const channelName = (text: string): string => text.replace(/^#/, '');
