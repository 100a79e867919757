import { expect, it } from 'vitest';
import { noRecipientLeft, outcomeOf, recipientsLeft } from './recipients.js';

const refusal = (recipient: string, response: string) =>
  Object.assign(new Error('Recipient command failed'), {
    recipient,
    response,
    responseCode: Number(response.slice(0, 3)),
  });
const NOBODY = refusal('nobody@b.c', '550 5.1.1 no such user');
const GREY = refusal('grey@b.c', '450 4.2.0 greylisted');
const FULL = refusal('full@b.c', '552 5.2.2 mailbox full');
const resultOf = (
  accepted: string[],
  refusals: (typeof NOBODY)[],
  earlier?: { remaining: string[]; refused: string[] },
) => outcomeOf({ accepted, refusals, answer: accepted.length > 0 ? '250 2.0.0 queued' : '' }, earlier);

it('is delivered if every recipient was accepted', () => {
  expect(resultOf(['a@b.c'], [])).toEqual({ kind: 'delivered', code: '250', excerpt: '250 2.0.0 queued' });
});

it('is delivered in part if some were refused permanently, and names them with the reasons', () => {
  expect(resultOf(['a@b.c'], [NOBODY])).toMatchObject({
    kind: 'delivered',
    partial: ['nobody@b.c'],
    message: 'the mail server refused nobody@b.c (550 5.1.1 no such user)',
  });
});

it('is retried only for recipients that were refused temporarily', () => {
  expect(resultOf(['a@b.c'], [NOBODY, GREY, FULL])).toMatchObject({
    kind: 'unavailable',
    code: '450',
    remaining: ['grey@b.c', 'full@b.c'],
    partial: ['nobody@b.c'],
  });
});

it('is retried for all if none was accepted and some were refused temporarily', () => {
  const outcome = resultOf([], [NOBODY, GREY]);
  expect(outcome).toMatchObject({ kind: 'unavailable', code: '450' });
  expect(outcome).not.toHaveProperty('remaining');
  expect(outcome).not.toHaveProperty('partial');
});

it('is rejected if all were refused permanently', () => {
  expect(resultOf([], [NOBODY])).toMatchObject({
    kind: 'rejected',
    code: '550',
    excerpt: 'nobody@b.c: 550 5.1.1 no such user',
  });
});

it('is misconfigured if the server requires a login', () => {
  expect(resultOf([], [refusal('a@b.c', '530 5.7.0 authenticate first')])).toMatchObject({ kind: 'misconfigured' });
});

it('is delivered when no recipient is left to retry, and lists all that were refused', () => {
  const earlier = { remaining: ['grey@b.c'], refused: ['nobody@b.c'] };
  expect(resultOf(['grey@b.c'], [], earlier)).toMatchObject({ kind: 'delivered', partial: ['nobody@b.c'] });
  const gone = refusal('grey@b.c', '550 5.1.1 gone');
  expect(resultOf([], [gone], earlier)).toMatchObject({ kind: 'delivered', partial: ['nobody@b.c', 'grey@b.c'] });
  expect(resultOf([], [GREY], earlier)).toMatchObject({
    kind: 'unavailable',
    remaining: ['grey@b.c'],
    partial: ['nobody@b.c'],
  });
});

it('names the first five of many refused recipients', () => {
  const many = Array.from({ length: 40 }, (_, index) => refusal(`r${index}@b.c`, '550 no'));
  expect(resultOf([], many).message).toMatch(/r4@b\.c \(550 no\) and 35 more$/);
});

it('goes to recipients that are left and still configured, and to none that may have it', () => {
  const earlier = { remaining: ['b@b.c', 'c@b.c'], refused: ['d@b.c'] };
  expect(recipientsLeft(['a@b.c', 'b@b.c'], undefined)).toEqual(['a@b.c', 'b@b.c']);
  expect(recipientsLeft(['a@b.c', 'b@b.c', 'd@b.c'], earlier)).toEqual(['b@b.c']);
  expect(recipientsLeft(['x@b.c', 'y@b.c'], earlier)).toEqual([]);
  expect(noRecipientLeft(earlier)).toMatchObject({
    kind: 'delivered',
    partial: [...earlier.refused, ...earlier.remaining],
  });
});
