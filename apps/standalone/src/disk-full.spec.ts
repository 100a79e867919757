import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { explainFullDisk } from './disk-full.js';

it.each(['ENOSPC', 'EDQUOT'])('an error %s names the folder, the free space and the remedy', (code) => {
  const error = Object.assign(new Error('no space left on device, write'), { code });
  const explained = explainFullDisk(error, tmpdir()) as Error;
  expect(explained.message).toMatch(/^the disk of \S+ is full: \d+ MiB are free; make room there and start again$/);
  expect(explained.cause).toBe(error);
});

it('leaves any other error as it is', () => {
  const error = Object.assign(new Error('permission denied'), { code: 'EACCES' });
  expect(explainFullDisk(error, '/missing')).toBe(error);
});
