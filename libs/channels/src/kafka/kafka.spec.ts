import { expect, it } from 'vitest';
import { fromKafkajs, parseBroker, toKafkajs } from './broker.js';
import { kafka } from './index.js';

it('takes its brokers as a list, or as one text with commas', () => {
  const parse = (brokers: unknown) => kafka.config.parse({ brokers, topic: 'alerts' }).brokers;
  expect(parse(' kafka-1:9092, kafka-2:9093 ,')).toEqual(['kafka-1:9092', 'kafka-2:9093']);
  expect(parse(['kafka-1:9092'])).toEqual(['kafka-1:9092']);
});

it('has policy and object as key, unless told otherwise', () => {
  expect(kafka.config.parse({ brokers: 'k:1', topic: 't' }).key).toBe('{{ policy }}|{{ object }}');
});

it.each([
  ['kafka-1:9092', 'kafka-1', 9092],
  ['kafka_1.example.com:1', 'kafka_1.example.com', 1],
  ['192.0.2.7:65535', '192.0.2.7', 65_535],
  ['[2001:db8::1]:9092', '2001:db8::1', 9092],
])('reads the broker %s, and has kafkajs read it so', (text, host, port) => {
  const broker = parseBroker(text) ?? expect.unreachable(`${text} was not read`);
  expect(broker).toEqual({ host, port });
  const [first = '', second] = toKafkajs(broker).split(':');
  expect([fromKafkajs(first), Number(second)]).toEqual([host, port]);
});

it.each([
  '',
  'kafka',
  ':9092',
  'kafka:',
  'kafka:0',
  'kafka:65536',
  'kafka:9a',
  '2001:db8::1:9092',
  '[kafka]:1',
  'a b:1',
])('takes %j for no broker', (text) => expect(parseBroker(text)).toBeUndefined());
