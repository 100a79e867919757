import { ActionIcon, Badge, Button, Group, Menu, Switch, Text, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCopy, IconDots, IconEdit, IconPlus, IconSend, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, bodyOf } from '../../api/client.js';
import { channelsQuery, endpointsQuery, statsQuery } from '../../api/queries.js';
import { LevelBadge } from '../../kit/LevelBadge.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { RecordTable } from '../../kit/RecordTable.js';
import { TextLink } from '../../kit/TextLink.js';
import { DeleteEndpoint } from './DeleteEndpoint.js';
import type { Endpoint } from './draft.js';
import { TestResult } from './TestResult.js';
import { useEndpointTest } from './use-endpoint-test.js';

export default function EndpointsPage() {
  const { t } = useTranslation();
  const { data: endpoints, error } = useQuery(endpointsQuery);
  const { data: channels = [] } = useQuery(channelsQuery);
  const [removed, setRemoved] = useState<Endpoint>();
  const test = useEndpointTest();
  const navigate = useNavigate();
  const add = () => navigate({ to: '/endpoints/new', search: {} });
  return (
    <>
      <PageHead title={t('endpoints.title')}>
        <Button leftSection={<IconPlus size={16} />} onClick={add}>
          {t('endpoints.add')}
        </Button>
      </PageHead>
      {error && <ProblemNote error={error} />}
      <RecordTable
        records={endpoints}
        emptyText={t('endpoints.none')}
        columns={[
          {
            accessor: 'name',
            title: t('endpoints.name'),
            render: ({ id, name }) => (
              <TextLink to="/endpoints/$id" params={{ id }}>
                {name}
              </TextLink>
            ),
          },
          {
            accessor: 'channel',
            title: t('endpoints.channel'),
            render: ({ channel }) => channels.find(({ type }) => type === channel)?.label ?? channel,
          },
          { accessor: 'team', title: t('endpoints.team'), visibleMediaQuery: '(min-width: 62em)' },
          {
            accessor: 'levels',
            title: t('endpoints.levels'),
            visibleMediaQuery: '(min-width: 75em)',
            render: ({ levels }) => (
              <Group gap={4}>
                {levels.map((level) => (
                  <LevelBadge key={level} level={level} />
                ))}
              </Group>
            ),
          },
          { accessor: 'pushPeriod', title: t('endpoints.pushPeriod'), visibleMediaQuery: '(min-width: 62em)' },
          {
            accessor: 'policyCount',
            title: t('endpoints.policies'),
            textAlign: 'right',
            render: ({ id, policyCount }) => (
              <TextLink to="/policies" search={{ endpoint: id }}>
                {policyCount}
              </TextLink>
            ),
          },
          { accessor: 'health', title: t('endpoints.health'), render: ({ id }) => <Health id={id} /> },
          { accessor: 'enabled', title: t('endpoints.enabled'), render: (endpoint) => <Enabled {...{ endpoint }} /> },
          {
            accessor: 'actions',
            title: <VisuallyHidden>{t('app.actions')}</VisuallyHidden>,
            textAlign: 'right',
            render: (endpoint) => (
              <Actions
                endpoint={endpoint}
                onTest={() => test.run(endpoint.name, { savedId: endpoint.id })}
                onRemove={() => setRemoved(endpoint)}
              />
            ),
          },
        ]}
      />
      <TestResult {...test.shown} />
      {removed && <DeleteEndpoint endpoint={removed} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

/** What became of the deliveries of the last hour, and how many wait. */
function Health({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(statsQuery);
  const stats = data?.endpoints.find(({ endpointId }) => endpointId === id);
  if (!stats) return null;
  const { delivered, dead } = stats.hour;
  return (
    <Group gap="xs">
      <Text size="sm" fw={dead > 0 ? 700 : undefined}>
        {t('endpoints.healthText', { delivered, dead })}
      </Text>
      {stats.waiting > 0 && (
        <Badge color="orange.5" tt="none" miw="max-content">
          {t('endpoints.waiting', { count: stats.waiting })}
        </Badge>
      )}
    </Group>
  );
}

function Enabled({ endpoint: { id, name, enabled } }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (on: boolean) =>
      bodyOf(api.PATCH('/api/v1/endpoints/{id}', { params: { path: { id } }, body: { enabled: on } as never })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: endpointsQuery.queryKey }),
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
  return (
    <Switch
      checked={change.isPending ? change.variables : enabled}
      onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
      aria-label={`${t('endpoints.enabled')}: ${name}`}
    />
  );
}

function Actions({ endpoint, onTest, onRemove }: { endpoint: Endpoint; onTest(): void; onRemove(): void }) {
  const { t } = useTranslation();
  const { id, name } = endpoint;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const clone = useMutation({
    mutationFn: () =>
      bodyOf(api.POST('/api/v1/endpoints/{id}/clone', { params: { path: { id } }, body: { policies: [] } as never })),
    async onSuccess(copy) {
      await queryClient.invalidateQueries({ queryKey: endpointsQuery.queryKey });
      notifications.show({ message: t('endpoints.cloned', { name: copy.name }), color: 'teal' });
    },
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconSend size={14} />}
        onClick={onTest}
        aria-label={`${t('endpoints.test')}: ${name}`}
      >
        {t('endpoints.test')}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('endpoints.actions', { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconEdit size={16} />}
            onClick={() => navigate({ to: '/endpoints/$id', params: { id } })}
          >
            {t('endpoints.edit', { name: '' })}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => clone.mutate()}>
            {t('endpoints.clone')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onRemove}>
            {t('app.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
