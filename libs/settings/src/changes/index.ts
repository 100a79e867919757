export type { Actor } from './actor.js';
export * from './change-gate.js';
export { isId, newId } from './ids.js';
export { mergePatch } from './merge-patch.js';
export { withoutReadOnly } from './read-only.js';
export * from './settings-errors.js';
export { refuseUnknownRemovals } from './unknown-removals.js';
