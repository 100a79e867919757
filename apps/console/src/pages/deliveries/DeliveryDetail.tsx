import { Badge, Button, Code, Drawer, Group, Stack, Table, Text, Timeline, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, bodyOf, type Schemas } from '../../api/client.js';
import { LevelBadge } from '../../kit/LevelBadge.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { StatusBadge } from '../../kit/StatusBadge.js';
import { Time } from '../../kit/Time.js';

type Delivery = Schemas['DeliveryDetail'];

/** One delivery with all its attempts. */
export function DeliveryDetail({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['deliveries', id],
    queryFn: () => bodyOf(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } })),
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={t('deliveries.detail', { id })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {error && <ProblemNote error={error} />}
      {data && (
        <Stack>
          <Group>
            <StatusBadge status={data.status} />
            {data.level && <LevelBadge level={data.level} />}
            <Acts delivery={data} />
          </Group>
          <Facts delivery={data} />
          <Attempts attempts={data.attempts} />
          {data.event && (
            <section>
              <Title order={3} size="h5" mb="xs">
                {t('deliveries.event')}
              </Title>
              <Code block>{JSON.stringify(data.event, null, 2)}</Code>
            </section>
          )}
        </Stack>
      )}
    </Drawer>
  );
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { endpointName, target, policy, object, reason, createdAt, finishedAt, nextAttemptAt } = delivery;
  const facts: [string, ReactNode][] = [
    [t('deliveries.endpoint'), endpointName],
    [t('deliveries.target'), target],
    [t('deliveries.policy'), policy],
    [t('deliveries.object'), object],
    [t('deliveries.reason'), reason],
    [t('deliveries.created'), <Time key="created" at={createdAt} />],
    [t('deliveries.finished'), finishedAt && <Time key="finished" at={finishedAt} />],
    [t('deliveries.nextAttempt'), nextAttemptAt && <Time key="next" at={nextAttemptAt} />],
  ];
  return (
    <Table variant="vertical">
      <Table.Tbody>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={140}>{name}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}

function Attempts({ attempts }: { attempts: Delivery['attempts'] }) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {t('deliveries.attempts')}
      </Title>
      {attempts.length === 0 && <Text c="dimmed">{t('deliveries.noAttempts')}</Text>}
      <Timeline active={attempts.length} bulletSize={14}>
        {attempts.map(({ n, startedAt, durationMs, outcome, code, message, excerpt }) => (
          <Timeline.Item key={n} title={t('deliveries.attempt', { n })}>
            <Group gap="xs">
              <Badge color={outcome === 'delivered' ? 'teal.9' : 'red.9'} tt="none">
                {t(`outcome.${outcome}`)}
              </Badge>
              {code && <Code>{code}</Code>}
              <Text size="sm" c="dimmed">
                <Time at={startedAt} /> · {t('deliveries.tookMs', { count: durationMs })}
              </Text>
            </Group>
            {message && <Text size="sm">{message}</Text>}
            {excerpt && <Code block>{excerpt}</Code>}
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}

function Acts({ delivery: { id, status } }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const path = { id };
  const act = useMutation({
    mutationFn: async (what: 'replay' | 'cancel') => {
      if (what === 'replay') await api.POST('/api/v1/deliveries/{id}/replay', { params: { path } });
      else await api.POST('/api/v1/deliveries/{id}/cancel', { params: { path } });
      return what;
    },
    async onSuccess(what) {
      await queryClient.invalidateQueries({ queryKey: ['deliveries'] });
      notifications.show({
        message: t(what === 'replay' ? 'deliveries.replayed' : 'deliveries.cancelled'),
        color: 'teal',
      });
    },
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
  const isOver = status === 'delivered' || status === 'dead' || status === 'cancelled';
  return (
    <Group gap="xs" ml="auto">
      {isOver ? (
        <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate('replay')}>
          {t('deliveries.replay')}
        </Button>
      ) : (
        <Button size="xs" variant="default" color="red" loading={act.isPending} onClick={() => act.mutate('cancel')}>
          {t('deliveries.cancel')}
        </Button>
      )}
    </Group>
  );
}
