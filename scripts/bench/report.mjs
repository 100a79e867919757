const SELF = 'Tocsin';

/**
 * A table of the medians. A ratio is the median of the rounds' ratios, because the load of the machine is about the same
 * within a round. The smallest and the largest ratio stand in brackets.
 */
export function report(systems, results) {
  const others = systems.map(({ name }) => name).filter((name) => name !== SELF);
  const measures = Object.keys(Object.assign({}, ...results.map(({ figures }) => figures)));
  const header = ['', SELF, ...others, ...others.map((name) => `${SELF} / ${name}`)];
  const rows = measures.map((measure) => {
    const rounds = (system) =>
      results
        .filter((result) => result.system === system && measure in result.figures)
        .map(({ figures }) => figures[measure]);
    const ratios = (other) => rounds(SELF).map((figure, round) => figure / rounds(other)[round]);
    return [
      measure,
      ...[SELF, ...others].map((system) => figure(median(rounds(system)))),
      ...others.map((other) => spread(ratios(other))),
    ];
  });
  return ['', ...[header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`), ''].join('\n');
}

function spread(ratios) {
  return `${figure(median(ratios))} (${figure(Math.min(...ratios))}–${figure(Math.max(...ratios))})`;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const figure = (number) => (number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(2));
