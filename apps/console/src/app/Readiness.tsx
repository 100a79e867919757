import { Badge, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readReadiness } from '../api/readiness.js';

const COLORS = { ready: 'teal.9', degraded: 'orange.9', notReady: 'red.9', unreachable: 'red.9' } as const;
const REFRESH_MS = 5_000;

/** The state of the system beside its name. */
export function Readiness() {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['readiness'], queryFn: readReadiness, refetchInterval: REFRESH_MS });
  if (!data) return null;
  const badge = (
    <Badge color={COLORS[data.state]} tt="none" role="status">
      {t(`app.${data.state}`)}
    </Badge>
  );
  return data.problems.length > 0 ? <Tooltip label={data.problems.join('; ')}>{badge}</Tooltip> : badge;
}
