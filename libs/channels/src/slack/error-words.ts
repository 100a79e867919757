import type { OutcomeKind } from '#libs/contracts';

/** What one of Slack's error words means, and what to do about the common ones. */
export interface ErrorWord {
  kind: OutcomeKind;
  advice?: string;
}

const INVITE = 'invite the app into the channel with /invite, or give it the scope chat:write.public';
const NEW_WEBHOOK = 'make a new webhook in the settings of the Slack app';
const NEW_TOKEN = 'install the Slack app again and take its new token';

/** The credential or the address is refused. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  access_denied: '',
  accesslimited: 'calls from this network are not allowed',
  account_inactive: NEW_TOKEN,
  action_prohibited: 'an administrator of the workspace has restricted it',
  channel_is_archived: 'the channel is archived; name another, or unarchive it',
  channel_not_found: `there is no such channel that the app can see: check its name, and ${INVITE}`,
  deprecated_endpoint: '',
  ekm_access_denied: 'an administrator has suspended posting',
  enterprise_is_restricted: '',
  invalid_auth: 'check the token, and from which addresses it may be used',
  invalid_token: NEW_WEBHOOK,
  is_archived: 'the channel is archived; name another, or unarchive it',
  method_deprecated: '',
  missing_scope: 'give the app the scope chat:write and install it again',
  no_permission: INVITE,
  no_service: `the webhook is disabled, removed or invalid: ${NEW_WEBHOOK}`,
  no_service_id: NEW_WEBHOOK,
  no_team: `the workspace of the webhook does not exist: ${NEW_WEBHOOK}`,
  not_allowed_token_type: 'take a bot token, xoxb-…, or a user token, xoxp-…',
  not_authed: 'check the token',
  not_in_channel: INVITE,
  posting_to_general_channel_denied: 'an administrator has to allow posting to #general, or name another channel',
  restricted_action: 'a preference of the workspace does not let it post',
  restricted_action_read_only_channel: 'the channel is read-only',
  restricted_action_thread_only_channel: 'the channel takes replies in threads only',
  team_access_not_granted: 'the token was not granted access to this workspace',
  team_disabled: 'the workspace is disabled',
  team_not_found: 'tokens of an organisation need the id of a channel in place of its name',
  token_expired: NEW_TOKEN,
  token_revoked: NEW_TOKEN,
  unknown_method: 'check apiUrl, https://slack.com/api unless there is a gateway',
  user_not_found: 'the channel names a user who does not exist',
};

/** Slack says that another try may do. After the first two some of it may have been done already. */
const UNAVAILABLE = [
  'fatal_error',
  'internal_error',
  'org_login_required',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
  'team_added_to_org',
];

const THROTTLED = ['message_limit_exceeded', 'rate_limited', 'ratelimited'];

/**
 * What is not here concerns the message alone. https://docs.slack.dev/reference/methods/chat.postMessage#errors and, for
 * webhooks, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const ERROR_WORDS: ReadonlyMap<string, ErrorWord> = new Map<string, ErrorWord>([
  ...Object.entries(MISCONFIGURED).map(([word, advice]): [string, ErrorWord] => [
    word,
    { kind: 'misconfigured', ...(advice !== '' && { advice }) },
  ]),
  ...UNAVAILABLE.map((word): [string, ErrorWord] => [word, { kind: 'unavailable' }]),
  ...THROTTLED.map((word): [string, ErrorWord] => [word, { kind: 'throttled' }]),
]);

/** The thread that a message was to join does not take it: it goes out by itself. */
export const THREAD_GONE: ReadonlySet<string> = new Set([
  'cannot_reply_to_message',
  'channel_not_found',
  'message_not_found',
  'restricted_action_non_threadable_channel',
  'thread_not_found',
]);

/** Slack cannot make sense of the blocks: the text alone can still be told. */
export const BLOCKS_REFUSED: ReadonlySet<string> = new Set([
  'attachment_payload_limit_exceeded',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
]);
