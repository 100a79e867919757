import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { audit, shardOf } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, Receiver, World } from './world.js';

const HOUR = 3_600_000;
const redis = await startRedis({ appendonly: true });
const receiver = await Receiver.start();
const world = new World(redis.url);
const main = (over = {}) =>
  httpEndpoint(`${receiver.url}/main`, {
    id: 'main',
    name: 'ops mail',
    fallback: 'stand-in',
    pushPeriodMs: HOUR,
    ...over,
  });
const standIn = (over = {}) => httpEndpoint(`${receiver.url}/stand-in`, { id: 'stand-in', ...over });

beforeAll(() => world.startWorker());
beforeEach(async () => {
  world.settings.set([]);
  await waitFor(async () => (await audit(world.redis)).pending === 0);
  receiver.arrivals.length = 0;
  receiver.answer = ({ path }) => (path === '/main' ? 400 : 200);
  world.settings.set([main(), standIn()], true);
});
afterAll(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

let keys = 0;
const newKey = () => `key-${keys++}`;
const post = async (level: 'fatal' | 'recovered', object: string) =>
  (await world.post([{ level, object, policy: 'main' }]))[0];
const at = (path: string, object: string) =>
  receiver.arrivals
    .filter((arrival) => arrival.path === path && arrival.body.object === object)
    .map(({ body }) => body);
const onTheWay = async () => {
  const lengths = await Promise.all((await world.redis.keys('*:handover')).map((key) => world.redis.xlen(key)));
  return lengths.reduce((sum, length) => sum + length, 0);
};
const settled = () =>
  waitFor(async () => {
    const { pending } = await audit(world.redis);
    return pending === 0 && (await onTheWay()) === 0;
  });

it('a dead delivery goes to the fallback endpoint, whose message names the original endpoint and the reason', async () => {
  const object = newKey();
  const id = await post('fatal', object);
  await waitFor(() => at('/stand-in', object).length === 1);
  await settled();
  expect(at('/stand-in', object)[0]?.annotations).toEqual({
    fallback_for: 'ops mail',
    fallback_reason: '400: the receiver answered 400',
  });
  await waitFor(() => world.recorded.some(({ fallbackOf }) => fallbackOf === id));
  expect(world.recordsOf(id as string).at(-1)).toMatchObject({
    status: 'dead',
    reason: 'sent to the fallback endpoint',
  });
  expect((await audit(world.redis)).imbalance).toBe(0);
});

it('the fallback endpoint sends one push per push period, and the recovery', async () => {
  const object = newKey();
  await post('fatal', object);
  await waitFor(() => at('/stand-in', object).length === 1);
  expect(await post('fatal', object)).toBe('period');
  await post('recovered', object);
  await waitFor(() => at('/stand-in', object).length === 2);
  expect(at('/stand-in', object).map(({ level }) => level)).toEqual(['fatal', 'recovered']);
});

it('it sends the recovery also when the endpoint itself works again', async () => {
  const object = newKey();
  await post('fatal', object);
  await waitFor(() => at('/stand-in', object).length === 1);
  receiver.answer = () => 200;
  await post('recovered', object);
  await waitFor(() => at('/stand-in', object).length === 2);
  expect(at('/main', object).at(-1)?.level).toBe('recovered');
});

it('it sends a recovery that came while its firing was in flight', async () => {
  const object = newKey();
  receiver.answer = ({ path, body }) => (path !== '/main' ? 200 : body.level === 'fatal' ? 'hang' : 200);
  await post('fatal', object);
  await waitFor(() => at('/main', object).length === 1);
  await post('recovered', object);
  receiver.answer = ({ path, body }) => (path === '/main' && body.level === 'fatal' ? 400 : 200);
  receiver.dropConnections();
  await waitFor(() => at('/stand-in', object).length === 2);
  expect(at('/stand-in', object).map(({ level }) => level)).toEqual(['fatal', 'recovered']);
});

it('a fallback endpoint that cannot be read does not delay others of its shard', async () => {
  const others = Array.from({ length: 200 }, (_, i) => `other-${i}`).filter((id) => shardOf(id) === shardOf('main'));
  const [neighbour = ''] = others;
  world.settings.set(
    [
      main({ fallback: 'broken' }),
      httpEndpoint(receiver.url, { id: 'broken', unreadable: 'another key' }),
      main({ id: neighbour }),
      standIn(),
    ],
    true,
  );
  const object = newKey();
  await post('fatal', object);
  await waitFor(async () => (await onTheWay()) === 1);
  await world.post([{ level: 'fatal', object, policy: neighbour }]);
  await waitFor(() => at('/stand-in', object).length === 1);
  // The accepted delivery leaves the handover stream a moment after it was sent; the other one stays.
  await waitFor(async () => (await onTheWay()) === 1);
  world.settings.set([main({ fallback: 'broken' }), httpEndpoint(`${receiver.url}/broken`, { id: 'broken' })], true);
  await waitFor(() => at('/broken', object).length === 1);
});

it('a push that the fallback endpoint could not send either gives its claim back', async () => {
  const object = newKey();
  receiver.answer = () => 400;
  await post('fatal', object);
  await waitFor(() => at('/stand-in', object).length === 1);
  await settled();
  receiver.answer = () => 200;
  expect(await post('fatal', object)).not.toBe('period');
  await waitFor(() => at('/main', object).length === 2);
});

it.each([
  ['disabled', [standIn({ enabled: false })]],
  ['deleted', []],
])('a fallback endpoint that is %s is none: what dies is dead, and gives its claim back', async (_how, others) => {
  world.settings.set([main(), ...others], true);
  const object = newKey();
  const id = await post('fatal', object);
  await settled();
  await waitFor(() => world.recordsOf(id as string).some(({ status }) => status === 'dead'));
  expect(world.recordsOf(id as string).at(-1)?.reason).toBeUndefined();
  expect(await post('fatal', object)).not.toBe('period');
});

it('each of several fallback endpoints takes the deliveries that died at the one before', async () => {
  world.settings.set(
    [main(), standIn({ fallback: 'last' }), httpEndpoint(`${receiver.url}/last`, { id: 'last' })],
    true,
  );
  receiver.answer = ({ path }) => (path === '/last' ? 200 : 400);
  const object = newKey();
  await post('fatal', object);
  await waitFor(() => at('/last', object).length === 1);
  await settled();
  expect(await post('fatal', object)).toBe('period');
});

it('an alert about an endpoint is not sent to that endpoint as another’s fallback', async () => {
  world.settings.set([main(), standIn()]);
  const [first] = await world.post([{ level: 'error', policy: 'tocsin', object: 'endpoint:stand-in' }]);
  await waitFor(() => world.recordsOf(first as string).some(({ status }) => status === 'dead'));
  await settled();
  expect(at('/main', 'endpoint:stand-in')).toHaveLength(1);
  expect(at('/stand-in', 'endpoint:stand-in')).toEqual([]);
  expect((await audit(world.redis)).imbalance).toBe(0);
});
