import type { AlertEvent, Language } from '#libs/contracts';
import { createRenderer, renderOwn, templateVariables } from '#libs/templates';
import type { Channel, Message } from '../src/channel.js';

/** An event with special characters in its fields. */
export const AWKWARD_EVENT: AlertEvent = {
  id: 'e1',
  policy: 'cpu-high',
  object: 'host-42',
  level: 'fatal',
  title: 'CPU "high" \\ <b>&\r\nat 90 %',
  content: '温度过高\u2028\u0000',
  value: 93.4,
  labels: { region: 'gz', 'a.b': '../..' },
};

const renderer = createRenderer();

/** A message of the channel's default template, with the given changes. */
export function testMessage(
  channel: Channel,
  changes: Partial<Message> & { event?: Partial<AlertEvent> } = {},
  lang: Language = 'zh-CN',
): Message {
  const { event: eventChanges, ...messageChanges } = changes;
  const event = { ...AWKWARD_EVENT, ...eventChanges };
  const deliveryId = messageChanges.deliveryId ?? 'd1';
  const variables = templateVariables({
    event,
    delivery: { id: deliveryId, suppressedCount: 3, delayedByMs: 0 },
    endpoint: { name: 'ops', team: 'default' },
    policyName: 'CPU high',
    lang,
  });
  return {
    title: renderOwn(channel.template[lang].title, variables, channel.escaping),
    content: renderOwn(channel.template[lang].content, variables, channel.escaping),
    level: event.level,
    lang,
    variables,
    deliveryId,
    thread: { id: 'thread-1' },
    async render(source, escaping) {
      const [result] = await renderer.render([{ source, escaping }], variables);
      if (result && 'text' in result) return result.text;
      throw result?.error ?? new Error('not rendered');
    },
    ...messageChanges,
  };
}
