import type { OutcomeKind } from '#libs/contracts';

/** The outcome of an error code of Slack, with advice for the common ones. */
export interface ErrorCode {
  kind: OutcomeKind;
  advice?: string;
}

const INVITE = 'invite the app into the channel with /invite, or give it the scope chat:write.public';
const NEW_WEBHOOK = 'create a new webhook in the settings of the Slack app';
const NEW_TOKEN = 'install the Slack app again and use its new token';

/** Slack refuses the credential or the channel. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  access_denied: '',
  accesslimited: 'calls from this network are not allowed; allow its addresses',
  account_inactive: NEW_TOKEN,
  action_prohibited: 'an administrator of the workspace has forbidden it',
  channel_is_archived: 'the channel is archived; use another one, or unarchive it',
  channel_not_found: `the app sees no such channel; check its name, and ${INVITE}`,
  deprecated_endpoint: '',
  ekm_access_denied: 'an administrator has suspended posting',
  enterprise_is_restricted: '',
  invalid_auth: 'check the token, and the addresses that may use it',
  invalid_token: NEW_WEBHOOK,
  is_archived: 'the channel is archived; use another one, or unarchive it',
  method_deprecated: '',
  missing_scope: 'give the app the scope chat:write and install it again',
  no_permission: INVITE,
  no_service: `the webhook is disabled, removed or invalid: ${NEW_WEBHOOK}`,
  no_service_id: NEW_WEBHOOK,
  no_team: `the workspace of the webhook does not exist: ${NEW_WEBHOOK}`,
  not_allowed_token_type: 'use a bot token, xoxb-…, or a user token, xoxp-…',
  not_authed: 'check the token',
  not_in_channel: INVITE,
  posting_to_general_channel_denied:
    'only administrators may post to #general; use another channel, or allow the app to post',
  restricted_action: 'a preference of the workspace forbids posting',
  restricted_action_read_only_channel: 'the channel is read-only',
  restricted_action_thread_only_channel: 'the channel accepts replies in threads only',
  team_access_not_granted: 'the token has no access to this workspace',
  team_disabled: 'the workspace is disabled',
  team_not_found: 'tokens of an organisation need the id of a channel instead of its name',
  token_expired: NEW_TOKEN,
  token_revoked: NEW_TOKEN,
  unknown_method: 'check `apiUrl`; without a gateway it is https://slack.com/api',
  user_not_found: 'the channel is a user who does not exist',
};

/** Errors after which a retry may succeed. After the first two the message may have been posted already. */
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
 * All known error codes; any other one concerns the message alone. https://docs.slack.dev/reference/methods/chat.postMessage#errors and, for
 * webhooks, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const ERROR_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ...Object.entries(MISCONFIGURED).map(([code, advice]): [string, ErrorCode] => [
    code,
    { kind: 'misconfigured', ...(advice !== '' && { advice }) },
  ]),
  ...UNAVAILABLE.map((code): [string, ErrorCode] => [code, { kind: 'unavailable' }]),
  ...THROTTLED.map((code): [string, ErrorCode] => [code, { kind: 'throttled' }]),
]);

/** The thread does not accept the message, so it is posted to the channel. */
export const THREAD_GONE: ReadonlySet<string> = new Set([
  'cannot_reply_to_message',
  'channel_not_found',
  'message_not_found',
  'restricted_action_non_threadable_channel',
  'thread_not_found',
]);

/** Slack does not accept the blocks, so the message is posted as plain text. */
export const BLOCKS_REFUSED: ReadonlySet<string> = new Set([
  'attachment_payload_limit_exceeded',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
]);
