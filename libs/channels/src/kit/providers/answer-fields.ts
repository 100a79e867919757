import { jsonObject } from '../http/answer-body.js';
import type { HttpAnswer } from '../http/http-request.js';

/** The guarded client returns this many bytes of a longer body. */
const READ_BYTES = 8_192;
const FIELD = /"(\w{1,64})"\s{0,8}:\s{0,8}("(?:[^"\\]|\\.){0,8192}"|-?\d{1,15})/g;

/** The fields of a JSON body; of a truncated one, the fields before the cut. Undefined if the body is not an object. */
export function answerFields({ excerpt }: Pick<HttpAnswer, 'excerpt'>): Readonly<Record<string, unknown>> | undefined {
  const whole = jsonObject(excerpt);
  if (whole || !/^\s*\{/.test(excerpt) || Buffer.byteLength(excerpt) < READ_BYTES - 3) return whole;
  return Object.fromEntries([...excerpt.matchAll(FIELD)].map(([, name = '', json = '']) => [name, parseValue(json)]));
}

const parseValue = (json: string): unknown => jsonObject(`{"value":${json}}`)?.value;

/** A field of an answer as text; empty if it is neither a text nor a number. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
