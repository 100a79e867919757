export { REGEX_CHARS_MAX } from './expression.js';
export * from './match.js';
export * from './match-error.js';
export * from './work.js';
