import { KafkaJSNumberOfRetriesExceeded } from 'kafkajs';
import { expect, it } from 'vitest';
import { classify, ProduceFailure } from './failure.js';

it('a broker that takes connections and says nothing is told in words of people, not of kafkajs', () => {
  const error = new KafkaJSNumberOfRetriesExceeded(new Error('Broker not connected'), { retryCount: 1, retryTime: 50 });
  expect(classify(new ProduceFailure(error, false), 'alerts')).toEqual({
    kind: 'unavailable',
    code: 'NO_BROKER',
    message: 'no broker answered as Kafka does; it may hang, or not be one',
  });
});
