export { hasBinaryAttributes } from './cloud-event-headers.js';
export * from './cloud-events.js';
export * from './posted-alerts.js';
export { ALERTS_MAX, type Refused, type SourceAlert, type SourceEvent, UnknownPayload } from './source-alert.js';
export * from './webhook.js';
