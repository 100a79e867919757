export * from './expire-alerts.js';
export * from './expiring-alert.js';
export * from './expiry-book.js';
export * from './expiry-clock.js';
export * from './expiry-events.js';
export * from './outage.js';
export * from './reporter.js';
export * from './reporter-list.js';
