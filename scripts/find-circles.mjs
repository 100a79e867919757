/** One circle for each group of nodes that reach each other (Tarjan's strongly connected components). */
export function findCircles(graph) {
  const seen = new Map();
  const stack = [];
  const circles = [];

  function visit(node) {
    const entry = { order: seen.size, low: seen.size, open: true };
    seen.set(node, entry);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (next === node) circles.push([node, node]);
      const other = seen.get(next) ?? visit(next);
      if (other.open) entry.low = Math.min(entry.low, other.low);
    }
    if (entry.low === entry.order) {
      const group = stack.splice(stack.indexOf(node));
      for (const member of group) seen.get(member).open = false;
      if (group.length > 1) circles.push(shortestWay(graph, new Set(group)));
    }
    return entry;
  }

  for (const node of graph.keys()) if (!seen.has(node)) visit(node);
  return circles;
}

/** The way from the first of a group back to it. */
function shortestWay(graph, group) {
  const [start] = group;
  let ways = [[start]];
  for (const reached = new Set(); ; ) {
    const longer = [];
    for (const way of ways) {
      for (const next of graph.get(way.at(-1)) ?? []) {
        if (next === start) return [...way, start];
        if (!group.has(next) || reached.has(next)) continue;
        reached.add(next);
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
}
