import { type Endpoint, subjectEndpoint, TOCSIN_POLICY } from '#libs/contracts';

/** The reason that an alert about Tocsin itself ends. */
export type Ending = 'well' | 'disabled' | 'deleted';

/** The reason as the settings show it. @param object the object of the alert */
export function endingOf(object: string, endpoints: ReadonlyMap<string, Endpoint>): Ending {
  const id = subjectEndpoint({ policy: TOCSIN_POLICY, object });
  if (id === undefined) return 'well';
  const endpoint = endpoints.get(id);
  if (!endpoint) return 'deleted';
  return endpoint.enabled ? 'well' : 'disabled';
}
