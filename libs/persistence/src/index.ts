export * from './database/data-source.js';
export * from './database/database.js';
export * from './database/database-errors.js';
export * from './database/migrate.js';
export * from './log/cursor.js';
export * from './log/delivery-log.js';
export type { DeliveryFilters } from './log/find-deliveries.js';
