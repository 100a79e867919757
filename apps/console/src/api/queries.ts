import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from './client.js';

/** Most items that a page of a list has. */
const PAGE = '200';

/** Reads every page of a list. */
async function readAll<Item>(read: (cursor?: string) => Promise<{ items: Item[]; nextCursor: string | null }>) {
  const all: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await read(cursor);
    all.push(...items);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}

const page = (cursor: string | undefined) => ({ limit: PAGE, ...(cursor !== undefined && { cursor }) });

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async () => (await bodyOf(api.GET('/api/v1/channels'))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: () => readAll((cursor) => bodyOf(api.GET('/api/v1/endpoints', { params: { query: page(cursor) } }))),
});

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: () => readAll((cursor) => bodyOf(api.GET('/api/v1/policies', { params: { query: page(cursor) } }))),
});

/** Counts of the last minute, hour and day. */
export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: () => bodyOf(api.GET('/api/v1/stats')),
  refetchInterval: 3_000,
});
