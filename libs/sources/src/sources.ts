import * as registry from './registry.js';
import type { Source } from './source.js';

/** All sources, in the order of their names. */
export const sources: readonly Source[] = Object.values(registry);

const byType = new Map(sources.map((source) => [source.type, source]));

/** The source of a type; undefined if there is none. */
export const sourceByType = (type: string): Source | undefined => byType.get(type);
