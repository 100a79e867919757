// npm run bench -- matching: nanoseconds that a unit of matching work takes (one program step at one character), for usual
// and hostile expressions, as policies are matched and with RE2JS as it comes.
import { RE2JS } from 're2js';
import { compileExpression } from '../../dist/libs/matching/src/expression.js';
import { main } from '../run.mjs';

const VALUES = 60;
const USUAL = { source: 'web-[0-9]+-(prod|test)', value: (i) => `web-${i}-prod` };
const HOSTILE = ['[ab]*a[ab]{200}', '(.*a.{30})*b.{40}', '(?i)([ab]*a[ab]{300})+'];
const LENGTHS = [250, 1_000];

const random = (length) => Array.from({ length }, () => (Math.random() < 0.5 ? 'a' : 'b')).join('');

function nanoseconds(matches, steps, values) {
  const startedAt = performance.now();
  for (const value of values) matches(value);
  const units = values.reduce((sum, value) => sum + steps * (value.length + 1), 0);
  return ((performance.now() - startedAt) * 1e6) / units;
}

function rowOf(source, what, values) {
  const own = compileExpression(source);
  const plain = RE2JS.compile(source, RE2JS.DOTALL);
  const figures = [own.matches, (value) => plain.matches(value)].map((matches) =>
    nanoseconds(matches, own.steps, values).toFixed(1),
  );
  return `| \`${source.replaceAll('|', '\\|')}\`, ${what} | ${own.steps} | ${figures.join(' | ')} |`;
}

main(async () => {
  const usual = Array.from({ length: 100_000 }, (_, i) => USUAL.value(i));
  console.log('| expression | steps | ns a unit | ns a unit, RE2JS as it comes |\n| --- | --- | --- | --- |');
  console.log(rowOf(USUAL.source, 'short values', usual));
  for (const source of HOSTILE) {
    for (const length of LENGTHS) {
      const values = Array.from({ length: VALUES }, () => random(length));
      console.log(rowOf(source, `${length} random characters`, values));
    }
  }
  return 0;
});
