/** An endpoint and its fallback. */
export interface FallbackLink {
  id: string;
  fallback: string;
}

/** The most fallbacks in a row that one delivery may pass. */
export const FALLBACK_HOPS_MAX = 5;

/**
 * The reason why an endpoint may not have this fallback beside the stored ones; undefined if it may. `nameOf` returns an
 * endpoint's name for texts. Stored fallbacks form no loop.
 */
export function whyNoFallback(
  wanted: FallbackLink,
  stored: readonly FallbackLink[],
  nameOf: (id: string) => string,
): string | undefined {
  const others = stored.filter((link) => link.id !== wanted.id);
  const onward = wayFrom(wanted.fallback, new Map(others.map((link) => [link.id, link.fallback])));
  if (onward.includes(wanted.id)) {
    return `must be null or lead elsewhere, not back to this endpoint: ${[wanted.id, ...onward].map(nameOf).join(' → ')}`;
  }
  const hops = hopsTo(wanted.id, others) + onward.length;
  if (hops <= FALLBACK_HOPS_MAX) return undefined;
  return `would make a chain of ${hops} fallbacks, at most ${FALLBACK_HOPS_MAX} are allowed`;
}

/** The ids from an endpoint along its fallbacks; a loop ends where it closes. */
function wayFrom(id: string, fallbackOf: ReadonlyMap<string, string>): string[] {
  const way = [id];
  const seen = new Set(way);
  for (let next = fallbackOf.get(id); next !== undefined; next = fallbackOf.get(next)) {
    way.push(next);
    if (seen.has(next)) break;
    seen.add(next);
  }
  return way;
}

/** The length of the longest chain that ends at an endpoint. */
function hopsTo(id: string, links: readonly FallbackLink[]): number {
  const before = Map.groupBy(links, (link) => link.fallback);
  let hops = 0;
  for (let ends = [id]; hops <= links.length; hops += 1) {
    ends = ends.flatMap((end) => (before.get(end) ?? []).map((link) => link.id));
    if (ends.length === 0) break;
  }
  return hops;
}
