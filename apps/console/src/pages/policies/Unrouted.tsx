import { Button, Text, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, bodyOf, type Schemas } from '../../api/client.js';
import { LevelBadge } from '../../kit/LevelBadge.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { RecordTable } from '../../kit/RecordTable.js';
import { Time } from '../../kit/Time.js';

const SHOWN = '20';
const REFRESH_MS = 5_000;

/** The newest events that no policy took, each with a button that adds a policy for them. */
export function Unrouted({ onAdd }: { onAdd(key: string): void }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['unrouted'],
    queryFn: async () => {
      const { items } = await bodyOf(api.GET('/api/v1/unrouted', { params: { query: { limit: SHOWN } } }));
      // The event of an old entry may be unreadable.
      return items.flatMap(({ event, ...item }) => (event ? [{ ...item, event: event as Schemas['AlertEvent'] }] : []));
    },
    refetchInterval: REFRESH_MS,
  });
  return (
    <section>
      <Title order={2} size="h4" mt="xl">
        {t('policies.unrouted')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('policies.unroutedHint')}
      </Text>
      {error && <ProblemNote error={error} />}
      <RecordTable
        records={data}
        emptyText={t('policies.unroutedNone')}
        columns={[
          {
            accessor: 'level',
            title: t('deliveries.level'),
            render: ({ event }) => <LevelBadge level={event.level} />,
          },
          { accessor: 'policy', title: t('deliveries.policy'), render: ({ event }) => event.policy },
          { accessor: 'object', title: t('deliveries.object'), render: ({ event }) => event.object },
          {
            accessor: 'receivedAt',
            title: t('policies.received'),
            render: ({ receivedAt }) => <Time at={receivedAt} />,
          },
          {
            accessor: 'actions',
            title: <VisuallyHidden>{t('app.actions')}</VisuallyHidden>,
            textAlign: 'right',
            render: ({ event }) => (
              <Button size="xs" variant="default" onClick={() => onAdd(event.policy)}>
                {t('policies.unroutedAdd', { key: event.policy })}
              </Button>
            ),
          },
        ]}
      />
    </section>
  );
}
