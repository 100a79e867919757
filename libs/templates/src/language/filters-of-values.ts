import { type Filter, textFilter, wholeNumber } from './filter.js';
import { toNumber, truth } from './operators.js';
import { DEFAULT_TIME_FORMAT, formatDuration, formatTime, parseTime } from './times.js';
import { jsonText, valueText } from './value-text.js';

/** Filters of values: JSON, times, durations and numbers. */
export const VALUE_FILTERS: readonly Filter[] = [
  {
    name: 'tojson',
    aliases: ['dump'],
    parameters: ['indent'],
    description: 'as JSON, safe inside any JSON; tojson(2) indents by two',
    apply: (value, [indent], meter) => jsonText(value, meter, wholeNumber(indent, 0, 0, 8)),
  },
  {
    name: 'date',
    parameters: ['format', 'tz'],
    description: `a time as text: date("YYYY-MM-DD HH:mm", "Asia/Shanghai"); strftime formats such as "%d.%m.%Y" work too; by default ${DEFAULT_TIME_FORMAT}; a value that is not a time stays unchanged`,
    apply(value, [format, zone], meter) {
      const ms = parseTime(value);
      if (ms === undefined) return valueText(value, meter);
      meter.spend(100);
      const used = typeof format === 'string' && format !== '' ? format : DEFAULT_TIME_FORMAT;
      return formatTime(ms, used, typeof zone === 'string' && zone !== '' ? zone : undefined);
    },
  },
  {
    name: 'duration',
    parameters: [],
    description: 'seconds in readable units: 45s, 1m 30s, 2h 5m, 3d 4h',
    apply(value, _args, meter) {
      const seconds = value === null || value === '' ? Number.NaN : toNumber(value);
      return Number.isFinite(seconds) ? formatDuration(seconds) : valueText(value, meter);
    },
  },
  {
    name: 'default',
    aliases: ['d'],
    parameters: ['value', 'boolean'],
    description: 'another value if it is missing: value | default("n/a"); with true also if it is empty or zero',
    apply: (value, [other, whenFalse]) =>
      value === undefined || value === null || (truth(whenFalse) && !truth(value)) ? other : value,
  },
  {
    name: 'abs',
    parameters: [],
    description: 'a number without its sign',
    apply: (value) => Math.abs(toNumber(value)),
  },
  {
    name: 'round',
    parameters: ['precision', 'method'],
    description: 'a number rounded to the given decimals (0): round(2), round(0, "floor"), round(0, "ceil")',
    apply(value, [precision, method]) {
      const factor = 10 ** wholeNumber(precision, 0, -15, 15);
      const rounder = method === 'floor' ? Math.floor : method === 'ceil' ? Math.ceil : Math.round;
      return rounder(toNumber(value) * factor) / factor;
    },
  },
  textFilter('int', ['default', 'base'], 'a whole number; default if it is none', (text, [other, base]) => {
    const number = Number.parseInt(text, wholeNumber(base, 10, 2, 36));
    return Number.isNaN(number) ? (other ?? 0) : number;
  }),
  textFilter('float', ['default'], 'a number; default if it is none', (text, [other]) => {
    const number = Number.parseFloat(text);
    return Number.isNaN(number) ? (other ?? 0) : number;
  }),
];
