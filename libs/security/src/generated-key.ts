import { randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 32;
const GENERATED = new RegExp(`^toc_[0-9A-Za-z]{${LENGTH}}$`);

/** Makes a key of 190 random bits, with a prefix by which scanners of leaked secrets find it. */
export const generateKey = (): string =>
  `toc_${Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;

/** Whether a key has the form of generated ones, which nobody can guess at any rate. */
export const isGeneratedKey = (key: string): boolean => GENERATED.test(key);
