export * from './alert-event.js';
export * from './alert-event-schema.js';
export * from './delivery.js';
export * from './delivery-ids.js';
export * from './duration.js';
export * from './levels.js';
export * from './queues.js';
export * from './settings.js';
