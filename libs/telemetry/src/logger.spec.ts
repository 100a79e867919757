import { expect, it } from 'vitest';
import { describeError } from './logger.js';

it('an error is logged with message, code and causes, without its other fields', () => {
  const cause = Object.assign(new Error('connection refused'), {
    code: 'ECONNREFUSED',
    client: { password: 'hunter2' },
  });
  const described = describeError(new Error('the database is away', { cause }));
  expect(described).toMatchObject({
    type: 'Error',
    message: 'the database is away',
    cause: { message: 'connection refused', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(described)).not.toContain('hunter2');
});

it('circular causes and values that are not errors are logged', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).split('round').length).toBeLessThan(40);
  expect(describeError('text')).toBe('text');
});
