import {
  type AlertEvent,
  type Endpoint,
  type FormerLink,
  type Policy,
  type Settings,
  subjectEndpoint,
} from '#libs/contracts';
import { compileMatch } from '#libs/matching';

/** One endpoint of an event. `former`: only removed links lead there. */
export interface Route {
  endpoint: Endpoint;
  /** Whether an enabled policy leads there; otherwise all that do are disabled. */
  enabled: boolean;
  former: boolean;
}

export interface Router {
  /** @param team the team whose policies may take the event; null for all teams */
  route(event: AlertEvent, team: string | null): Route[];
  /** Name of the policy with this key; the key if it has none. */
  policyName(team: string, key: string): string;
}

interface Link {
  endpoints: readonly Endpoint[];
  enabled: boolean;
  former: boolean;
}
interface Conditional extends Link {
  takes(event: AlertEvent): boolean;
}

/** A team's links by policy key, so that an event is matched only with its own policy and those with a match. */
interface TeamLinks {
  byPolicy: Map<string, Link[]>;
  always: Link[];
  conditional: Conditional[];
}

const WILDCARD = '*';

/** Prepares settings for routing, once per version of the settings. */
export function createRouter(settings: Settings): Router {
  const teams = new Map<string, TeamLinks>();
  const names = new Map<string, string>();

  const add = (policy: Policy | FormerLink, key: string, state: { enabled: boolean; former: boolean }): void => {
    const endpoints = policy.endpointIds.flatMap((id) => settings.endpoints.get(id) ?? []);
    if (endpoints.length === 0) return;
    const links: TeamLinks = teams.get(policy.team) ?? { byPolicy: new Map(), always: [], conditional: [] };
    teams.set(policy.team, links);
    const link = { endpoints, ...state };
    if (policy.match) links.conditional.push({ ...link, takes: compileMatch(policy.match) });
    else if (key === WILDCARD) links.always.push(link);
    else links.byPolicy.set(key, [...(links.byPolicy.get(key) ?? []), link]);
  };
  for (const policy of settings.policies) {
    names.set(`${policy.team}\n${policy.key}`, policy.name);
    add(policy, policy.key, { enabled: policy.enabled, former: false });
  }
  for (const link of settings.formerLinks) add(link, link.policyKey, { enabled: true, former: true });

  return {
    route(event, team) {
      const routes = new Map<string, Route>();
      const recovery = event.level === 'recovered';
      const subject = subjectEndpoint(event);
      const follow = (link: Link): void => {
        if (link.former && !recovery) return;
        for (const endpoint of link.endpoints) {
          if (endpoint.id === subject) continue;
          const known = routes.get(endpoint.id);
          if (!known) routes.set(endpoint.id, { endpoint, enabled: link.enabled, former: link.former });
          else if (known.former && !link.former) Object.assign(known, { enabled: link.enabled, former: false });
          else if (!link.former) known.enabled ||= link.enabled;
        }
      };
      for (const links of team === null ? teams.values() : [teams.get(team)]) {
        if (!links) continue;
        links.byPolicy.get(event.policy)?.forEach(follow);
        links.always.forEach(follow);
        for (const link of links.conditional) if (link.takes(event)) follow(link);
      }
      return [...routes.values()];
    },
    policyName: (team, key) => names.get(`${team}\n${key}`) || key,
  };
}
