import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, type Outcome } from '#libs/contracts';
import type { Channel } from '../src/channel.js';
import { type Config, listSecrets } from '../src/secrets.js';
import { channelContract } from './channel-contract.js';
import type { ChannelFixtures } from './channel-suite.js';
import { type Behaviour, type Receiver, startReceiver } from './receiver.js';
import { createTestIo } from './test-io.js';
import { testMessage } from './test-message.js';

/** What a channel that speaks HTTP brings along besides. */
export interface HttpFixtures extends ChannelFixtures {
  /** What the provider may answer and what that means. */
  answers: readonly { behaviour: Behaviour; expect: Partial<Outcome> & Pick<Outcome, 'kind'> }[];
}

/** What every channel over HTTP must do, tried on a real server in the provider's place. */
export function httpContract(channel: Channel, fixtures: HttpFixtures): void {
  channelContract(channel, fixtures);

  let receiver: Receiver;
  let config: Config;
  let secrets: readonly string[];
  const open = createTestIo();
  const denying = createTestIo({ deny: ['0.0.0.0/0', '::/0'] });

  beforeAll(async () => {
    receiver = await startReceiver();
    config = parse(fixtures.config(receiver.url));
    secrets = listSecrets(channel.config, config);
  });
  afterAll(async () => {
    await receiver.stop();
    await Promise.all([open.close(), denying.close()]);
  });
  beforeEach(() =>
    receiver.behave(fixtures.answers.find((one) => one.expect.kind === 'delivered')?.behaviour ?? 'hang'),
  );

  const parse = (settings: Config) => channel.config.parse(settings) as Config;

  function send(deliveryId: string, to = config, signal = AbortSignal.timeout(5_000), way = open): Promise<Outcome> {
    const target = channel.targets(to)[0] ?? expect.unreachable('there is no target');
    return channel.send(testMessage(channel, { deliveryId }), { config: to, target }, way.io(signal));
  }

  function expectNoSecrets(text: string): void {
    for (const secret of secrets) expect(text).not.toContain(secret);
  }

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
