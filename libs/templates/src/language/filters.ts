import type { Filter } from './filter.js';
import { LIST_FILTERS } from './filters-of-lists.js';
import { TEXT_FILTERS } from './filters-of-texts.js';
import { VALUE_FILTERS } from './filters-of-values.js';

/** All filters by their names and aliases. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  [...VALUE_FILTERS, ...TEXT_FILTERS, ...LIST_FILTERS].flatMap((filter) =>
    [filter.name, ...(filter.aliases ?? [])].map((name) => [name, filter] as const),
  ),
);

/** Name and description of each filter, for authors of templates. */
export const TEMPLATE_FILTERS: readonly { readonly name: string; readonly description: string }[] = [
  ...FILTERS.entries(),
]
  .map(([name, { description }]) => ({ name, description }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
