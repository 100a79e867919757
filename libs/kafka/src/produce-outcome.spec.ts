import { KafkaJSNumberOfRetriesExceeded } from 'kafkajs';
import { expect, it } from 'vitest';
import { ProduceFailure } from './produce-failure.js';
import { produceOutcome } from './produce-outcome.js';

it('explains the error of kafkajs for a broker that accepts connections but does not answer', () => {
  const error = new KafkaJSNumberOfRetriesExceeded(new Error('Broker not connected'), { retryCount: 1, retryTime: 50 });
  expect(produceOutcome(new ProduceFailure(error, false), 'alerts')).toEqual({
    kind: 'unavailable',
    code: 'NO_BROKER',
    message: 'no broker answered with the Kafka protocol; it may hang, or not be a Kafka broker',
  });
});

it('leaves an error that is not of kafkajs to the caller', () => {
  expect(produceOutcome(new ProduceFailure(new Error('closed'), true), 'alerts')).toBeUndefined();
});
