import {
  type AlertEvent,
  type Endpoint,
  type FormerLink,
  type Policy,
  type Settings,
  subjectEndpoint,
} from '#libs/contracts';
import { createMatcher, type Matcher, MatchingWork, type Overrun } from '#libs/matching';

/** One endpoint of an event. `former`: only removed links lead there. */
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

export interface Router {
  /**
   * Routes of an event. The expressions of each team have a budget of work; entries over it do not match; the
   * first of each event and team is reported.
   * @param team the team whose policies may take the event; null for all teams
   */
  route(event: AlertEvent, team: string | null): Route[];
  /** Units of matching work spent by all events so far. */
  unitsSpent(): number;
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
  /** Whether all expressions are compiled. */
  prepared: boolean;
}

const WILDCARD = '*';

/** Prepares settings for routing, once per version of the settings. */
export function createRouter(settings: Settings, onOverrun: (overrun: PolicyOverrun) => void = () => {}): Router {
  let unitsSpent = 0;
  const teams = new Map<string, TeamLinks>();
  const names = new Map<string, string>();

  const add = (policy: Policy | FormerLink, key: string, state: { enabled: boolean; former: boolean }): void => {
    const endpoints = policy.endpointIds.flatMap((id) => settings.endpoints.get(id) ?? []);
    if (endpoints.length === 0) return;
    const links: TeamLinks = teams.get(policy.team) ?? {
      byPolicy: new Map(),
      always: [],
      conditional: [],
      prepared: false,
    };
    teams.set(policy.team, links);
    const link = { endpoints, ...state };
    if (policy.match) links.conditional.push({ ...link, policyKey: key, matcher: createMatcher(policy.match) });
    else if (key === WILDCARD) links.always.push(link);
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
    unitsSpent: () => unitsSpent,
    *prepare(team) {
      for (const [, links] of teamsOf(team)) {
        if (links.prepared) continue;
        for (const { matcher } of links.conditional) yield matcher.prepare();
        links.prepared = true;
      }
    },
    route(event, team) {
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
        // Policies that were added later must not keep a recovery from what was pushed by removed links.
        const [present, removed] = [new MatchingWork(), new MatchingWork()];
        for (const link of links.conditional) {
          if (!applies(link)) continue;
          const work = link.former ? removed : present;
          const fitted = work.overrun === undefined;
          if (link.matcher.takes(event, work)) follow(link);
          if (fitted && work.overrun) onOverrun({ ...work.overrun, team: owner, policy: link.policyKey });
        }
        unitsSpent += present.spent + removed.spent;
      }
      return [...routes.values()];
    },
    policyName: (team, key) => names.get(`${team}\n${key}`) || key,
  };
}
