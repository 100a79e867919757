import { expect, it } from 'vitest';
import { kafka } from './index.js';

it('accepts brokers as a list, or as one text with commas', () => {
  const parse = (brokers: unknown) => kafka.config.parse({ brokers, topic: 'alerts' }).brokers;
  expect(parse(' kafka-1:9092, kafka-2:9093 ,')).toEqual(['kafka-1:9092', 'kafka-2:9093']);
  expect(parse(['kafka-1:9092'])).toEqual(['kafka-1:9092']);
});

it('uses policy and object as the default key', () => {
  expect(kafka.config.parse({ brokers: 'k:1', topic: 't' }).key).toBe('{{ policy }}|{{ object }}');
});
