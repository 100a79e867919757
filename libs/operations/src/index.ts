export * from './canceller.js';
export * from './filled-mailboxes.js';
export * from './replay-skips.js';
export * from './replayer.js';
export * from './test-endpoint.js';
export * from './waiting.js';
