import { expect, it } from 'vitest';
import { fromKafkajs, parseBrokerAddress, toKafkajs } from './broker-address.js';

it.each([
  ['kafka-1:9092', 'kafka-1', 9092],
  ['kafka_1.example.com:1', 'kafka_1.example.com', 1],
  ['192.0.2.7:65535', '192.0.2.7', 65_535],
  ['[2001:db8::1]:9092', '2001:db8::1', 9092],
])('parses %s, and converts it to the form of kafkajs and back', (text, host, port) => {
  const address = parseBrokerAddress(text) ?? expect.unreachable(`${text} was not parsed`);
  expect(address).toEqual({ host, port });
  const [first = '', second] = toKafkajs(address).split(':');
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
])('refuses %j', (text) => expect(parseBrokerAddress(text)).toBeUndefined());
