const KEY = 'tocsin-key';

/** A refused request with the fields at fault, from the problem document of RFC 9457. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
  }
}

/** The API key, stored until the tab is closed. */
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

const authorization = () => (key.get() ? { authorization: `Bearer ${key.get()}` } : {});

/** Calls the API and returns the response body. @throws {ApiError} for an error status, TypeError when the API is unreachable. */
export async function call(method, path, body) {
  const response = await fetch(`api/v1/${path}`, {
    method,
    headers: { ...authorization(), ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

export const get = (path) => call('GET', path);

/** Readiness of the system, with the checks that fail and the checks that degrade it. */
export async function readiness() {
  const response = await fetch('readyz', { cache: 'no-store' });
  const answer = await response.json().catch(() => ({}));
  const lacks = (problems, otherwise) => {
    if (!Array.isArray(problems)) return otherwise;
    return problems.map(({ path, message }) => `${path} (${message})`);
  };
  return {
    ready: response.ok,
    missing: response.ok ? [] : lacks(answer.errors, [answer.detail ?? `HTTP ${response.status}`]),
    degraded: lacks(answer.degraded, []),
  };
}

/** The ledger, summed over all series of each metric. */
export async function ledger() {
  const response = await fetch('metrics', { headers: authorization(), cache: 'no-store' });
  if (!response.ok) throw new ApiError(response.status, {});
  const text = await response.text();
  const sum = (name, label = '') => {
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    const values = lines.filter((line) => line.includes(label)).map((line) => Number(line.split(' ').at(-1)));
    return values.length > 0 ? values.reduce((total, value) => total + value, 0) : undefined;
  };
  const state = (name) => sum('tocsin_deliveries_total', `state="${name}"`);
  return {
    admitted: state('admitted'),
    delivered: state('delivered'),
    pending: sum('tocsin_deliveries_pending'),
    dead: state('dead'),
    cancelled: state('cancelled'),
    imbalance: sum('tocsin_ledger_imbalance'),
  };
}
