export * from './destination/destination.js';
export * from './duties/record-outcomes.js';
export * from './duties/resume-sleeping-turns.js';
export * from './duties/revive-lost-turns.js';
export * from './fallback/choose-fallback.js';
export * from './fallback/hand-over.js';
export * from './queues/direct-turns.js';
export * from './queues/turn-queues.js';
export * from './rate/rate-limits.js';
export * from './rate/rates.js';
export * from './send/deliver.js';
export * from './send/send.js';
export * from './send/settle-table.js';
export * from './send/thread.js';

export * from './turn/slots.js';
export type { TurnDeps } from './turn/turn-run.js';
export * from './turn/turns.js';
