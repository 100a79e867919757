import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { canPin, onLastCore } from './last-core.mjs';

/** The attacks, with their words in the table. */
export const ATTACKS = {
  none: 'no attack',
  metrics: '`/metrics`, pipelined by 10 connections without a key',
  slow: '4,000 slow bodies without a key, one after the other',
  slowAgain: '2,000 slow bodies at once without a key, opened again when they are closed',
  slowWithKey: '2,000 slow bodies at once with a key, opened again when they are closed',
  chunks: 'bodies in chunks of one byte without a key, by 50 connections',
  chunksWrongKey: 'bodies in chunks of one byte with a wrong key, by 50 connections',
  chunksWithKey: 'bodies in chunks of one byte with a key, by 3 connections',
  keys: 'wrong keys, by 50 connections',
  expressions: 'events for 100 hostile expressions, by 10 connections with a key',
};

const ATTACKER = fileURLToPath(new URL('attacker.mjs', import.meta.url));

/** Runs an attack in a process of its own, for a time in milliseconds; `done` resolves to what it reports. */
export function startAttack(name, { port, headers }, lastsMs) {
  if (name === 'none') return { done: Promise.resolve(''), stop() {} };
  const words = [process.execPath, ATTACKER, name, String(port), headers.authorization, String(lastsMs)];
  const [command, ...args] = canPin() ? onLastCore(words) : words;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const done = new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(text.trim()) : reject(new Error(`the attacker ended with ${code}`)),
    );
  });
  return { done, stop: () => child.kill('SIGKILL') };
}
