import type { Source } from '#libs/sources';
import type { EventRoute } from '../http/event-routes.js';

/** The routes of a source: its own, and its aliases. */
export function routesOfSource({ type, http }: Source): EventRoute[] {
  const paths = [`/api/v1/ingest/${type}`, ...(http.aliases ?? []).map(({ path }) => path)];
  return paths.map((path) => ({ path, jsonTypes: http.contentTypes ?? [], streamTypes: [] }));
}
