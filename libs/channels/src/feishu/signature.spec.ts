import { expect, it } from 'vitest';
import { signatureOf } from './signature.js';

it('signs nothing with the time in seconds and the secret for a key', () => {
  expect(signatureOf('demo', new Date(1_599_360_473_999))).toEqual({
    timestamp: '1599360473',
    sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
  });
});
