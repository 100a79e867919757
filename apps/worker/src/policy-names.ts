import { createRouter, type Router } from '#libs/admission';
import type { Settings, SettingsSource } from '#libs/contracts';

/** Returns the display name of a team's policy, by the settings of this moment. */
export function createPolicyNames(settings: SettingsSource): (team: string, policy: string) => string {
  let known: { settings: Settings; router: Router } | undefined;
  return (team, policy) => {
    const current = settings.current();
    if (!current) return policy;
    if (known?.settings !== current) known = { settings: current, router: createRouter(current) };
    return known.router.policyName(team, policy);
  };
}
