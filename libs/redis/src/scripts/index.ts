export { defineScript, type Script, type ScriptDeclaration, type SharedNames } from './define-script.js';
export {
  digits,
  type Fields,
  flag,
  type Kind,
  list,
  number,
  optional,
  optionalDigits,
  optionalNumber,
  optionalText,
  row,
  text,
  type ValueOf,
  word,
} from './kinds.js';
export { runScript } from './run-script.js';
