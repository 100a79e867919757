export * from './mask-secrets.js';
export * from './seal-secrets.js';
