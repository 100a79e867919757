import fc from 'fast-check';
import { type AlertEvent, LEVELS } from '#libs/contracts';

/** Texts that a receiver could parse as the end of a message or field, or the start of another. */
const TRAPS = [
  '\n<34>1 2026-11-20T08:00:00Z forged su - - - hello',
  '\r\n<34>Nov 20 08:00:00 forged su: hello',
  '\0<34>forged',
  '" x="1',
  '"][forged@1 a="b"]',
  '\\',
  '\\"',
  '\\]',
  ']',
  ' ',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u007f\u009b2J',
  '\t\v\f\u001b[2J',
  '\ufeff',
  '\ud800',
  '12 <34>1 - - - - - - forged',
  '{{ 7 }}',
  '温度过高',
  '👩‍👩‍👧',
  'e\u0301',
];

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...TRAPS), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 })
    .map((parts) => parts.join('').slice(0, maxLength));
const required = (maxLength: number): fc.Arbitrary<string> => text(maxLength - 1).map((rest) => `x${rest}`);
const name = fc.oneof(
  fc.constantFrom(
    'region',
    'Region',
    'REGION',
    'app.kubernetes.io/name',
    '1',
    '__proto__',
    'cut',
    'a b',
    'a=b',
    '地区',
  ),
  fc.constant('n'.repeat(33)),
  text(40),
);
const record = fc.dictionary(name, text(60), { maxKeys: 6, noNullPrototype: true });

/** Events that try to break out of every format they are written into. */
export const hostileEvents: fc.Arbitrary<Omit<AlertEvent, 'id'>> = fc.record(
  {
    policy: required(60),
    object: required(80),
    level: fc.constantFrom(...LEVELS),
    title: text(120),
    content: text(300),
    objectName: text(60),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    unit: text(10),
    labels: record,
    annotations: record,
    startsAt: fc.constantFrom('2026-11-20T08:00:00Z', '2026-11-20T08:00:00.123+08:00'),
    endsAt: fc.constantFrom('2026-11-20T09:00:00Z'),
    url: text(60),
  },
  { requiredKeys: ['policy', 'object', 'level'] },
);
