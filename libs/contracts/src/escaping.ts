/**
 * How values are written into the text of a template, so that they stay text there: percent-encoded in a URL, with `&`, `<`
 * and `>` as entities in Slack's mrkdwn, without marks of its own in the markdown of WeCom, DingTalk and Feishu.
 */
export type Escaping = 'url' | 'mrkdwn' | 'markdown';
