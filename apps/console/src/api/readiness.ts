export interface Readiness {
  state: 'ready' | 'degraded' | 'notReady' | 'unreachable';
  /** Failed checks, in the words of the API. */
  problems: string[];
}

interface Check {
  path: string;
  message: string;
}

const textsOf = (checks: unknown): string[] =>
  Array.isArray(checks) ? checks.map(({ path, message }: Check) => `${path}: ${message}`) : [];

/** Readiness of the system. It is read without the API client, since its 503 is an answer and no error. */
export async function readReadiness(): Promise<Readiness> {
  try {
    const response = await fetch('readyz', { cache: 'no-store' });
    const answer = await response.json();
    if (!response.ok) return { state: 'notReady', problems: textsOf(answer.errors) };
    const problems = textsOf(answer.degraded);
    return { state: problems.length > 0 ? 'degraded' : 'ready', problems };
  } catch {
    return { state: 'unreachable', problems: [] };
  }
}
