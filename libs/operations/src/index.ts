export * from './cancel/canceller.js';
export * from './overview/overview.js';
export * from './replay/replay-skips.js';
export * from './replay/replayer.js';
export * from './test-endpoint/test-endpoint.js';
export * from './waiting/waiting-deliveries.js';
