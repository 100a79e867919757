import {
  type AlertEvent,
  type Endpoint,
  type FormerLink,
  type Policy,
  type Settings,
  subjectEndpoint,
} from '#libs/contracts';
import { createMatcher, type Matcher, MatchingWork, type Overrun } from '#libs/matching';

/**
 * One endpoint of an event. `former`: only removed links lead there, or policies that were not evaluated; then the event
 * counts there only if it ends a push.
 */
export interface Route {
  endpoint: Endpoint;
  /** Whether an enabled policy leads there; otherwise all that do are disabled. */
  enabled: boolean;
  former: boolean;
}

/** An entry of a policy that was not evaluated, since its work was over the budget of its team. */
export interface PolicyOverrun extends Overrun {
  team: string;
  policy: string;
}

/** The routes of an event, and the matching work that they took. */
export interface Routing {
  routes: Route[];
  /** The first entry of each team that was not evaluated. */
  overruns: PolicyOverrun[];
  /** Units of matching work. */
  units: number;
}

export interface Router {
  /**
   * Routes an event. The expressions of each team have a budget of work. A policy with an entry over it does not take the
   * event; a recovery follows the policy like a removed link, since the event that it ends may have had less to match.
   * @param team the team whose policies may take the event; null for all teams
   */
  route(event: AlertEvent, team: string | null): Routing;
  /** Whether policies of the team have expressions; otherwise routing takes no matching work. */
  hasExpressions(team: string | null): boolean;
  /** Compiles new expressions of a team's policies one policy at a time; yields the program steps of each. */
  prepare(team: string | null): Iterable<number>;
  /** Name of the policy with this key; the key if it has none. */
  policyName(team: string, key: string): string;
}

interface Link {
  endpoints: readonly Endpoint[];
  enabled: boolean;
  former: boolean;
}
interface Conditional extends Link {
  policyKey: string;
  matcher: Matcher;
}

/** A team's links by policy key, so that an event is matched only with its own policy and those with a match. */
interface TeamLinks {
  byPolicy: Map<string, Link[]>;
  always: Link[];
  conditional: Conditional[];
  hasExpressions: boolean;
  /** Whether all expressions are compiled. */
  prepared: boolean;
}

const WILDCARD = '*';

/** Prepares settings for routing, once per version of the settings. */
export function createRouter(settings: Settings): Router {
  const teams = new Map<string, TeamLinks>();
  const names = new Map<string, string>();

  const add = (policy: Policy | FormerLink, key: string, state: { enabled: boolean; former: boolean }): void => {
    const endpoints = policy.endpointIds.flatMap((id) => settings.endpoints.get(id) ?? []);
    if (endpoints.length === 0) return;
    const links: TeamLinks = teams.get(policy.team) ?? {
      byPolicy: new Map(),
      always: [],
      conditional: [],
      hasExpressions: false,
      prepared: false,
    };
    teams.set(policy.team, links);
    const link = { endpoints, ...state };
    if (policy.match) {
      const matcher = createMatcher(policy.match);
      links.conditional.push({ ...link, policyKey: key, matcher });
      links.hasExpressions ||= matcher.hasExpressions;
    } else if (key === WILDCARD) links.always.push(link);
    else links.byPolicy.set(key, [...(links.byPolicy.get(key) ?? []), link]);
  };
  for (const policy of settings.policies) {
    names.set(`${policy.team}\n${policy.key}`, policy.name);
    add(policy, policy.key, { enabled: policy.enabled, former: false });
  }
  for (const link of settings.formerLinks) add(link, link.policyKey, { enabled: true, former: true });

  const teamsOf = (team: string | null): [string, TeamLinks][] => {
    if (team === null) return [...teams];
    const links = teams.get(team);
    return links ? [[team, links]] : [];
  };
  return {
    hasExpressions: (team) => teamsOf(team).some(([, links]) => links.hasExpressions),
    *prepare(team) {
      for (const [, links] of teamsOf(team)) {
        if (links.prepared) continue;
        for (const { matcher } of links.conditional) yield matcher.prepare();
        links.prepared = true;
      }
    },
    route(event, team) {
      const overruns: PolicyOverrun[] = [];
      let units = 0;
      const routes = new Map<string, Route>();
      const recovery = event.level === 'recovered';
      const subject = subjectEndpoint(event);
      const follow = (link: Link): void => {
        for (const endpoint of link.endpoints) {
          if (endpoint.id === subject) continue;
          const known = routes.get(endpoint.id);
          if (!known) routes.set(endpoint.id, { endpoint, enabled: link.enabled, former: link.former });
          else if (known.former && !link.former) Object.assign(known, { enabled: link.enabled, former: false });
          else if (!link.former) known.enabled ||= link.enabled;
        }
      };
      // Former links are for recoveries only, so that a deleted policy costs other events nothing.
      const applies = ({ former }: Link): boolean => recovery || !former;
      for (const [owner, links] of teamsOf(team)) {
        for (const link of links.byPolicy.get(event.policy) ?? []) if (applies(link)) follow(link);
        for (const link of links.always) if (applies(link)) follow(link);
        const work = new MatchingWork();
        for (const link of links.conditional) {
          if (!applies(link)) continue;
          const fitted = work.overrun === undefined;
          const takes = link.matcher.takes(event, work);
          if (takes) follow(link);
          else if (takes === undefined && recovery) follow({ ...link, enabled: true, former: true });
          if (fitted && work.overrun) overruns.push({ ...work.overrun, team: owner, policy: link.policyKey });
        }
        units += work.spent;
      }
      return { routes: [...routes.values()], overruns, units };
    },
    policyName: (team, key) => names.get(`${team}\n${key}`) || key,
  };
}
