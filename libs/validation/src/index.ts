export * from './decode-utf8.js';
export * from './describe-issue.js';
export * from './field-errors.js';
export * from './prototype-fields.js';
export * from './storable-text.js';
