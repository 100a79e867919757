export { answerOf } from './answer-of.js';
export * from './declare-resource.js';
export * from './field.js';
export { mergePatchOf } from './merge-patch-of.js';
export * from './names.js';
