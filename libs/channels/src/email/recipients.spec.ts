import { expect, it } from 'vitest';
import { nobodyLeft, outcomeOf, recipientsLeft } from './recipients.js';

const refusal = (recipient: string, response: string) =>
  Object.assign(new Error('Recipient command failed'), {
    recipient,
    response,
    responseCode: Number(response.slice(0, 3)),
  });
const NOBODY = refusal('nobody@b.c', '550 5.1.1 no such user');
const GREY = refusal('grey@b.c', '450 4.2.0 greylisted');
const FULL = refusal('full@b.c', '552 5.2.2 mailbox full');
const judge = (taken: string[], refusals: (typeof NOBODY)[], earlier?: { remaining: string[]; refused: string[] }) =>
  outcomeOf({ taken, refusals, answer: taken.length > 0 ? '250 2.0.0 queued' : '' }, earlier);

it('is delivered when everybody took it', () => {
  expect(judge(['a@b.c'], [])).toEqual({ kind: 'delivered', code: '250', excerpt: '250 2.0.0 queued' });
});

it('is delivered in part when some were refused for good, and says who and why', () => {
  expect(judge(['a@b.c'], [NOBODY])).toMatchObject({
    kind: 'delivered',
    partial: ['nobody@b.c'],
    message: 'the mail server refused nobody@b.c (550 5.1.1 no such user)',
  });
});

it('is tried again for those alone who were refused for now', () => {
  expect(judge(['a@b.c'], [NOBODY, GREY, FULL])).toMatchObject({
    kind: 'unavailable',
    code: '450',
    remaining: ['grey@b.c', 'full@b.c'],
    partial: ['nobody@b.c'],
  });
});

it('is tried again for all when nobody took it and somebody may yet', () => {
  const outcome = judge([], [NOBODY, GREY]);
  expect(outcome).toMatchObject({ kind: 'unavailable', code: '450' });
  expect(outcome).not.toHaveProperty('remaining');
  expect(outcome).not.toHaveProperty('partial');
});

it('is rejected when everybody was refused for good', () => {
  expect(judge([], [NOBODY])).toMatchObject({
    kind: 'rejected',
    code: '550',
    excerpt: 'nobody@b.c: 550 5.1.1 no such user',
  });
});

it('is a matter of settings when the server wants to know who sends', () => {
  expect(judge([], [refusal('a@b.c', '530 5.7.0 authenticate first')])).toMatchObject({ kind: 'misconfigured' });
});

it('is delivered when the last who were left have it or never will, and lists all who were refused', () => {
  const earlier = { remaining: ['grey@b.c'], refused: ['nobody@b.c'] };
  expect(judge(['grey@b.c'], [], earlier)).toMatchObject({ kind: 'delivered', partial: ['nobody@b.c'] });
  const gone = refusal('grey@b.c', '550 5.1.1 gone');
  expect(judge([], [gone], earlier)).toMatchObject({ kind: 'delivered', partial: ['nobody@b.c', 'grey@b.c'] });
  expect(judge([], [GREY], earlier)).toMatchObject({
    kind: 'unavailable',
    remaining: ['grey@b.c'],
    partial: ['nobody@b.c'],
  });
});

it('names the first few of many', () => {
  const many = Array.from({ length: 40 }, (_, index) => refusal(`r${index}@b.c`, '550 no'));
  expect(judge([], many).message).toMatch(/r4@b\.c \(550 no\) and 35 more$/);
});

it('goes to those who are left and still wanted, and to nobody who may have it', () => {
  const earlier = { remaining: ['b@b.c', 'c@b.c'], refused: ['d@b.c'] };
  expect(recipientsLeft(['a@b.c', 'b@b.c'], undefined)).toEqual(['a@b.c', 'b@b.c']);
  expect(recipientsLeft(['a@b.c', 'b@b.c', 'd@b.c'], earlier)).toEqual(['b@b.c']);
  expect(recipientsLeft(['x@b.c', 'y@b.c'], earlier)).toEqual([]);
  expect(nobodyLeft(earlier)).toMatchObject({ kind: 'delivered', partial: [...earlier.refused, ...earlier.remaining] });
});
