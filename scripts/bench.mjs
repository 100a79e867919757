// npm run bench: the speed of Tocsin beside Alertmanager and a plain design on BullMQ, in the same run.
// npm run bench -- storm | single | allNew | gentle    some of the measures;
// npm run bench -- --against <commit>    CPU time an event and throughput beside another commit, in ten rounds
//   (--rounds <number>), for all or some of storm, single and allNew;
// npm run bench -- neighbours    the effect of a hundred failing endpoints on a hundred working ones;
// npm run bench -- attacks    latencies of honest clients while the API is attacked;
// npm run bench -- kafka    records a second that the whole delivery writes into Apache Kafka;
// npm run bench -- matching    nanoseconds of a unit of matching work;
// npm run bench -- json    milliseconds of JSON.parse for the largest bodies;
// npm run bench -- templates    renders a second of users' templates;
// npm run bench -- --profile storm    Tocsin alone, with CPU profiles of the API and the worker in .cache/profiles.
import { prepareCommit, resolveCommit } from './bench/commit-tree.mjs';
import { readOptions } from './bench/options.mjs';
import { prepare } from './prepare.mjs';
import { findNode, main, run } from './run.mjs';

main(async () => {
  const { program, measures, profile, commit, rounds } = readOptions(process.argv.slice(2));
  const sha = commit === undefined ? undefined : resolveCommit(commit);
  await prepare();
  const tree = sha === undefined ? [] : [await prepareCommit(sha), sha.slice(0, 7), String(rounds)];
  const words = [...tree, ...measures, ...(profile ? ['--profile'] : [])];
  return run(findNode(), [`scripts/bench/${program}.mjs`, ...words]);
});
