export { hasBinaryAttributes } from './cloud-event-headers.js';
export * from './cloud-events.js';
export * from './posted-alerts.js';
export * from './source-alert.js';
export * from './webhook.js';
