import { compare } from './quartiles.mjs';

const ROWS = [
  { key: 'tocsin', title: 'CPU of Tocsin (API and worker), µs an event' },
  { key: 'redis', title: 'CPU of Redis, µs an event' },
  { key: 'postgres', title: 'CPU of PostgreSQL, µs an event' },
  { key: 'perSecond', title: 'throughput, events a second' },
];

/**
 * A table for each measure: medians with quartiles of both builds, the ratio of the medians, and the verdict. `results`
 * are the figures of one measure in one round of one build.
 */
export function comparisonReport([own, other], measures, results) {
  const rounds = results.filter(({ build, measure }) => build === own && measure === measures[0].name).length;
  const tables = measures.map(({ name, title, events }) => {
    const figures = (build, key) =>
      results.filter((result) => result.build === build && result.measure === name).map((result) => result[key]);
    const rows = ROWS.map(({ key, title }) => {
      const { own: ours, other: theirs, ratio, verdict } = compare(figures(own, key), figures(other, key));
      return [title, spread(ours), spread(theirs), Number.isFinite(ratio) ? ratio.toFixed(3) : '–', verdict];
    });
    const header = [`${name}: ${events.toLocaleString('en')} ${title}`, own, other, `${own} / ${other}`, `${own} is`];
    return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  });
  const legend = `Median [first quartile, third quartile] of ${rounds} rounds. No difference: the ranges between the quartiles overlap.`;
  return ['', ...tables.flatMap((table) => [table, '']), legend, ''].join('\n');
}

const spread = ({ q1, median, q3 }) => `${figure(median)} [${figure(q1)}, ${figure(q3)}]`;
const figure = (number) => (number >= 1_000 ? Math.round(number).toLocaleString('en') : number.toPrecision(3));
