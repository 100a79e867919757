import { z } from 'zod';
import { httpUrlSchema } from '../kit/index.js';

/** What people keep an eye on; https://docs.slack.dev/reference/methods/chat.postMessage takes one channel a call. */
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
    description: 'of an incoming webhook of Slack; instead of a token',
    writeOnly: true,
  }),
  channel: channelSchema.optional().meta({
    title: 'Channel of the webhook',
    description: "only webhooks of the old kind can be told a channel; others post to the app's",
    examples: ['#ops'],
  }),
  token: z
    .string()
    .max(SECRET_CHARS_MAX)
    .regex(/^[!-~]+$/, { error: 'must be a token as Slack shows it, without blanks' })
    .optional()
    .meta({
      title: 'Token',
      description: 'of a bot (xoxb-…) or user with the scope chat:write; instead of a webhook URL',
      writeOnly: true,
    }),
  channels: z
    .array(channelSchema)
    .min(1, { error: 'must name at least one channel' })
    .max(CHANNELS_MAX, {
      error: ({ input }) => `must name at most ${CHANNELS_MAX} channels, not ${(input as unknown[]).length}`,
    })
    .optional()
    .meta({
      title: 'Channels',
      description: `where the token posts, by name or id, at most ${CHANNELS_MAX}; the bot must be a member of each`,
      examples: [['#ops', 'C0123456789']],
    }),
  apiUrl: httpUrlSchema.default('https://slack.com/api').meta({
    title: 'API URL',
    description: "where Slack's Web API is reached with a token, if not at its public address",
  }),
});

/** The settings of a `slack` endpoint: a webhook, or a token and its channels. */
export const slackConfig = fields.superRefine((config, context) => {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const { webhookUrl, channel, token, channels } = config;
  if (webhookUrl === undefined && token === undefined) {
    refuse(['webhookUrl'], 'must be given, or a token with its channels');
    if (channels !== undefined) refuse(['token'], 'must go with the channels');
  }
  if (webhookUrl !== undefined && token !== undefined) refuse(['token'], 'must not go with a webhook URL: give one');
  if (token !== undefined && channels === undefined) refuse(['channels'], 'must go with the token');
  if (token === undefined && webhookUrl !== undefined && channels !== undefined) {
    refuse(['channels'], 'belongs to a token; a webhook of the old kind takes one `channel`');
  }
  if (channel !== undefined && webhookUrl === undefined) {
    refuse(['channel'], 'belongs to a webhook URL; a token takes `channels`');
  }
  const names = (channels ?? []).map(channelName);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) refuse(['channels', index], `must not be there twice: ${JSON.stringify(name)}`);
  });
});

export type SlackConfig = z.output<typeof slackConfig>;

/** The channel as Slack knows it: `#ops` and `ops` are the same. */
export const channelName = (text: string): string => text.replace(/^#/, '');
