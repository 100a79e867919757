/**
 * Escaping of values in a rendered text: percent-encoding in a URL, entities for `&`, `<` and `>` in Slack's mrkdwn, and
 * markdown syntax disabled for WeCom, DingTalk and Feishu.
 */
export type Escaping = 'url' | 'mrkdwn' | 'markdown';
