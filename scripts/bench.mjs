// npm run bench: how fast Tocsin is, beside Alertmanager and a plain design on BullMQ in the same run.
// npm run bench -- storm | single | allNew | gentle    some of the measures;
// npm run bench -- neighbours    what a hundred dead endpoints cost a hundred living ones;
// npm run bench -- kafka    how many records a second the delivery writes into Apache Kafka;
// npm run bench -- templates    how fast users' templates are rendered;
// npm run bench -- --profile storm    Tocsin alone, with CPU profiles of the API and the worker in .cache/profiles.
import { prepare } from './prepare.mjs';
import { findNode, main, run } from './run.mjs';

main(async () => {
  await prepare();
  const words = process.argv.slice(2);
  if (words.includes('templates')) return run(findNode(), ['scripts/bench/templates.mjs']);
  if (words.includes('kafka')) return run(findNode(), ['scripts/bench/kafka.mjs']);
  if (words.includes('neighbours')) return run(findNode(), ['scripts/bench/neighbours.mjs']);
  return run(findNode(), ['scripts/bench/course.mjs', ...words]);
});
