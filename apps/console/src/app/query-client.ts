import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.js';
import { session } from '../api/session.js';

/** A key that is not valid any more ends the session. */
function onError(error: Error): void {
  if (error instanceof ApiError && error.status === 401) session.end();
}

/** Only an unreachable or unavailable API is asked again. */
const isTemporary = (error: Error): boolean => !(error instanceof ApiError) || error.status >= 500;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && isTemporary(error), staleTime: 1_000 },
  },
});
