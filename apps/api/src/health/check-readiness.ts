import type { FieldError } from '#libs/validation';
import type { ReadinessCheck } from '../tokens.js';

const CHECK_WITHIN_MS = 2_000;

/** Asks all checks at once; one that does not answer counts as failed. */
export async function checkReadiness(
  checks: readonly ReadinessCheck[],
): Promise<{ missing: FieldError[]; degraded: FieldError[] }> {
  const answers = await Promise.all(checks.map(async (check) => ({ check, why: await whyMissing(check) })));
  const failed = answers.filter(({ why }) => why !== undefined);
  const named = (optional: boolean) =>
    failed
      .filter(({ check }) => (check.optional ?? false) === optional)
      .map(({ check, why }) => ({ path: check.name, message: why as string }));
  return { missing: named(false), degraded: named(true) };
}

async function whyMissing(check: ReadinessCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((settle) => {
    timer = setTimeout(() => settle('does not answer'), CHECK_WITHIN_MS);
  });
  try {
    return await Promise.race([check.check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
