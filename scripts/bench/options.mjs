import { Advice } from '../run.mjs';
import { ATTACKS } from './attack-list.mjs';

/** Rounds of a comparison with another commit. */
const ROUNDS = 10;
/** Measures by the programs that run them; the first word of a command may name another program. */
const MEASURES = {
  course: ['storm', 'single', 'allNew', 'gentle'],
  against: ['storm', 'single', 'allNew'],
  attacks: Object.keys(ATTACKS),
};
const PROGRAMS = ['neighbours', 'attacks', 'kafka', 'templates', 'matching', 'json'];

/** Reads the words after `npm run bench --`. */
export function readOptions(words) {
  const options = { program: 'course', measures: [], profile: false, rounds: ROUNDS };
  const rest = words.flatMap((word) => (/^--\w+=/.test(word) ? word.split(/=(.*)/s, 2) : [word]));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--profile') options.profile = true;
    else if (word === '--against') Object.assign(options, { program: 'against', commit: nextValue(word, rest) });
    else if (word === '--rounds') options.rounds = wholeNumber(word, nextValue(word, rest));
    else if (PROGRAMS.includes(word)) options.program = word;
    else options.measures.push(word);
  }
  checkMeasures(options);
  return options;
}

const EXPECTED = {
  '--against': 'a commit: a hash, a branch or a tag, as in `npm run bench -- --against main`',
  '--rounds': 'a whole number from 1, as in `npm run bench -- --against main --rounds 5`',
};

function nextValue(option, rest) {
  const value = rest.shift();
  if (value === undefined || value === '' || value.startsWith('-')) {
    throw new Advice(
      `\`${option}\` is followed by ${value ? `\`${value}\`` : 'nothing'}; it needs ${EXPECTED[option]}.`,
    );
  }
  return value;
}

function wholeNumber(option, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Advice(`\`${option} ${text}\`: it needs ${EXPECTED[option]}.`);
  return Number(text);
}

function checkMeasures({ program, measures }) {
  const known = MEASURES[program] ?? [];
  const unknown = measures.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const allowed =
    program === 'course'
      ? [...known, ...PROGRAMS, '--against <commit>', '--rounds <number>', '--profile']
      : [...known, ...(program === 'against' ? ['--rounds <number>'] : [])];
  const list = allowed.length > 0 ? allowed.map((word) => `\`${word}\``).join(', ') : 'nothing else';
  throw new Advice(`\`${unknown}\` is unknown; allowed are ${list}.`);
}
