/** The fallback of an endpoint. */
export interface FallbackLink {
  id: string;
  fallback: string;
}

/** How often one delivery may be handed on, so that its way ends. */
export const FALLBACK_HOPS_MAX = 5;

/**
 * Why an endpoint may not have this fallback beside the links that others have; undefined where it may. `nameOf` gives
 * the words for an endpoint. What is stored holds no loop, and so neither does any way that is followed here.
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

/** The ids from one endpoint on along its fallbacks; a loop ends where it closes. */
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
