export { defineScript, type Script, type ScriptDeclaration, type SharedNames } from './define-script.js';
export {
  type Fields,
  flag,
  type Kind,
  list,
  number,
  numberOrText,
  numeral,
  optional,
  optionalNumber,
  optionalNumeral,
  optionalText,
  row,
  text,
  type ValueOf,
  word,
} from './kinds.js';
export { runScript } from './run-script.js';
