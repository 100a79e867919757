// npm run bench -- json: milliseconds of JSON.parse for bodies of 16 MiB, the largest that the API takes.
import { main } from '../run.mjs';
import { alert } from './workload.mjs';

const BYTES = 16 * 2 ** 20;
const ROUNDS = 3;

const repeated = (part, from = '[', to = ']') =>
  from +
  Array(Math.floor(BYTES / (part.length + 1)))
    .fill(part)
    .join(',') +
  to;

const BODIES = {
  '5,000 usual events, padded': () => {
    const content = 'x'.repeat(3_000);
    return JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ ...alert('cpu', `host-${i}`, i), content })));
  },
  'empty arrays': () => repeated('[]'),
  '500,000 distinct names in 5,000 objects': () => {
    const objects = Array.from({ length: 5_000 }, (_, i) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`name-${i}-${n}-${'x'.repeat(12)}`, 1])),
    );
    return JSON.stringify(objects);
  },
  nesting: () => '['.repeat(BYTES / 2) + ']'.repeat(BYTES / 2),
};

function milliseconds(text) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    JSON.parse(text);
    return performance.now() - startedAt;
  });
  return Math.round(Math.min(...rounds));
}

main(async () => {
  console.log('| body | MiB | JSON.parse, ms |\n| --- | --- | --- |');
  for (const [name, make] of Object.entries(BODIES)) {
    const text = make();
    console.log(`| ${name} | ${(text.length / 2 ** 20).toFixed(1)} | ${milliseconds(text)} |`);
  }
  return 0;
});
