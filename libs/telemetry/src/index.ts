export * from './connection-metrics.js';
export * from './event-metrics.js';
export * from './expiry-metrics.js';
export * from './ledger-metrics.js';
export * from './logger.js';
export * from './own-alert-metrics.js';
export * from './scraped-metric.js';
export * from './target-metrics.js';
