import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, type Outcome, parseDuration } from '#libs/contracts';
import { createGuardedHttp } from '#libs/security';
import { compileTemplate, renderMessage, type TemplateVariables, templateVariables } from '#libs/templates';
import type { Channel, ChannelIo, Message } from '../src/channel.js';
import { configSchema } from '../src/config-fields.js';
import { type Config, listSecrets, listTemplates, maskSecrets, restoreSecrets, secretPaths } from '../src/secrets.js';
import { type Behaviour, type Receiver, startReceiver } from './receiver.js';

/** What a channel brings along for its tests. */
export interface ChannelFixtures {
  /** Settings with every field that holds a secret, and every address at the given one. */
  config(baseUrl: string): Config;
  /** Settings that must be refused, and the field that must be named. */
  refused: readonly { config: (baseUrl: string) => Config; field: string }[];
  /** As {@link secretPaths} writes them. */
  secretPaths: readonly string[];
  /** What the provider may answer and what that means. */
  answers: readonly { behaviour: Behaviour; expect: Partial<Outcome> & Pick<Outcome, 'kind'> }[];
}

const NOW = new Date('2026-11-20T08:00:00Z');

const variables: TemplateVariables = templateVariables({
  event: {
    id: 'e1',
    policy: 'cpu-high',
    object: 'host-42',
    level: 'fatal',
    title: 'CPU "high" \\ <b>&\r\nat 90 %',
    content: '温度过高\u2028\u0000',
    value: 93.4,
    labels: { region: 'gz', 'a.b': '../..' },
  },
  delivery: { id: 'd1', suppressedCount: 3, delayedByMs: 0 },
  endpoint: { name: 'ops', team: 'default' },
  policyName: 'CPU high',
  lang: 'zh-CN',
});

/** What every channel must do, tried on a real HTTP server in the provider's place. */
export function channelContract(channel: Channel, fixtures: ChannelFixtures): void {
  let receiver: Receiver;
  let config: Config;
  let secrets: readonly string[];
  const guarded = createGuardedHttp({ deny: [] });
  const denying = createGuardedHttp({ deny: ['0.0.0.0/0', '::/0'] });

  beforeAll(async () => {
    receiver = await startReceiver();
    config = parse(fixtures.config(receiver.url));
    secrets = listSecrets(channel.config, config);
  });
  afterAll(async () => {
    await receiver.stop();
    await Promise.all([guarded.close(), denying.close()]);
  });
  beforeEach(() =>
    receiver.behave(fixtures.answers.find((one) => one.expect.kind === 'delivered')?.behaviour ?? 'hang'),
  );

  const parse = (settings: Config) => channel.config.parse(settings) as Config;

  function send(
    deliveryId: string,
    to = config,
    signal = AbortSignal.timeout(5_000),
    http = guarded,
  ): Promise<Outcome> {
    const { title, content } = renderMessage({ template: {}, fallbackTemplate: channel.template, variables });
    const render: Message['render'] = (template, escaping) => compileTemplate(template).render(variables, escaping);
    const io: ChannelIo = { http: (request) => http.http({ ...request, signal }), signal, now: () => NOW };
    const target = channel.targets(to)[0] ?? expect.unreachable('there is no target');
    return channel.send({ title, content, deliveryId, render }, { config: to, target }, io);
  }

  function expectNoSecrets(text: string): void {
    for (const secret of secrets) expect(text).not.toContain(secret);
  }

  describe('settings', () => {
    it('are accepted, and still are once accepted', () => {
      expect(parse(config)).toEqual(config);
    });

    it('are refused when empty or unknown', () => {
      expect(channel.config.safeParse({}).success).toBe(false);
      const unknown = channel.config.safeParse({ ...config, nonsense: 1 });
      expect(JSON.stringify(unknown.error?.issues)).toContain('nonsense');
    });

    it.each(fixtures.refused.map((one) => [one.field, one.config] as const))('are refused for %s', (field, refused) => {
      const { error } = channel.config.safeParse(refused(receiver.url));
      expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(field);
    });

    it('have a JSON Schema from which a form can be drawn', () => {
      const schema = configSchema(channel.config);
      expect(JSON.stringify(schema)).not.toContain('$ref');
      for (const field of Object.values(schema.properties ?? {})) expect(field).toHaveProperty('title');
    });

    it('have their secrets marked, and all of them in the fixture', () => {
      expect(secretPaths(channel.config)).toEqual([...fixtures.secretPaths].sort());
      expect(secrets.length).toBeGreaterThanOrEqual(fixtures.secretPaths.length);
    });

    it('keep their secrets when read and sent back', () => {
      const masked = maskSecrets(channel.config, config);
      expectNoSecrets(JSON.stringify(masked));
      expect(restoreSecrets(channel.config, masked, config)).toEqual({ config, missing: [] });
      expect(restoreSecrets(channel.config, masked, undefined).missing).toHaveLength(secrets.length);
    });

    it('have templates that compile', () => {
      for (const template of listTemplates(channel.config, config)) compileTemplate(template.source);
    });
  });

  describe('the channel', () => {
    it('has a label, a default template that renders, and limits with their source', () => {
      expect(channel.label).toMatch(/^\S.*\S$/);
      const message = renderMessage({ template: {}, fallbackTemplate: channel.template, variables });
      expect(message.templateError).toBeUndefined();
      expect(message.title + message.content).toContain('host-42');
      const { rate, documentedAt } = channel.limits;
      if (rate)
        expect([rate.max > 0, parseDuration(rate.per), documentedAt]).toEqual([
          true,
          expect.any(Number),
          expect.stringMatching(/^https:/),
        ]);
    });

    it('names its targets, the same ones each time, without secrets', () => {
      const targets = channel.targets(config);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map((target) => target.id)).size).toBe(targets.length);
      for (const target of targets) expect(target.id).toMatch(/^[\w-]{1,64}$/);
      expect(channel.targets(parse(structuredClone(config)))).toEqual(targets);
      expectNoSecrets(JSON.stringify(targets));
    });

    it('ends within a minute', () => {
      expect(channel.timeoutMs(config)).toBeGreaterThan(0);
      expect(channel.timeoutMs(config)).toBeLessThanOrEqual(60_000);
    });
  });

  describe('a send', () => {
    it.each(fixtures.answers.map((one) => [describeBehaviour(one.behaviour), one] as const))(
      'is judged by %s',
      async (_name, one) => {
        receiver.behave(one.behaviour);
        const outcome = await send(randomUUID());
        expect(outcome).toMatchObject(one.expect);
        expect(OUTCOME_KINDS).toContain(outcome.kind);
        if (outcome.kind !== 'delivered') expect(outcome.message).toMatch(/\S/);
        expectNoSecrets(`${outcome.message} ${outcome.code}`);
      },
    );

    it.each<[string, Behaviour, Partial<Outcome>]>([
      ['resets the connection', 'reset', { kind: 'unknown' }],
      ['closes the connection', 'close', { kind: 'unknown' }],
    ])('that the receiver %s', async (_name, behaviour, expected) => {
      receiver.behave(behaviour);
      const outcome = await send(randomUUID());
      expect(outcome).toMatchObject(expected);
      expectNoSecrets(JSON.stringify(outcome));
    });

    it('that is given up ends at once, and may have arrived', async () => {
      receiver.behave('hang');
      const begin = performance.now();
      const outcome = await send(randomUUID(), config, AbortSignal.timeout(150));
      expect(outcome).toMatchObject({ kind: 'unknown', code: 'ABORTED' });
      expect(performance.now() - begin).toBeLessThan(1_000);
    });

    it('that was given up before it began was not sent', async () => {
      const before = receiver.requests.length;
      expect(await send(randomUUID(), config, AbortSignal.abort())).toMatchObject({ kind: 'unavailable' });
      expect(receiver.requests).toHaveLength(before);
    });

    it('to nobody is unavailable', async () => {
      const gone = await startReceiver();
      const nobody = parse(fixtures.config(gone.url));
      await gone.stop();
      expect(await send(randomUUID(), nobody)).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    });

    it('to an address that may not be reached is a matter of settings', async () => {
      const outcome = await send(randomUUID(), config, undefined, denying);
      expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    });

    it('carries the id of its delivery, the same in each attempt', async () => {
      const id = randomUUID();
      const before = receiver.requests.length;
      await send(id);
      await send(id);
      const sent = receiver.requests.slice(before).filter((request) => JSON.stringify(request).includes(id));
      expect(sent.length).toBeGreaterThanOrEqual(2);
    });
  });
}

function describeBehaviour(behaviour: Behaviour): string {
  if (typeof behaviour === 'string') return behaviour;
  const { status, body } = behaviour;
  return `${status}${typeof body === 'string' ? ` ${body.slice(0, 60)}` : ''}`;
}
