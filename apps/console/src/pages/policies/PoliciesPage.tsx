import { ActionIcon, Alert, Button, Group, Switch, Text, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, bodyOf } from '../../api/client.js';
import { endpointsQuery, policiesQuery } from '../../api/queries.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { RecordTable } from '../../kit/RecordTable.js';
import { TextLink } from '../../kit/TextLink.js';
import { DeletePolicy } from './DeletePolicy.js';
import { PolicyForm } from './PolicyForm.js';
import { type Policy, pathOf } from './policy.js';
import { Unrouted } from './Unrouted.js';

const route = getRouteApi('/policies');

export default function PoliciesPage() {
  const { t } = useTranslation();
  const { endpoint } = route.useSearch();
  const { data: all, error } = useQuery(policiesQuery);
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const [edited, setEdited] = useState<Policy | { key: string }>();
  const [removed, setRemoved] = useState<Policy>();
  const nameOf = (id: string) => endpoints.find((one) => one.id === id)?.name ?? id;
  const shown = all?.filter((policy) => endpoint === undefined || policy.endpoints.includes(endpoint));
  return (
    <>
      <PageHead title={t('policies.title')}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited({ key: '' })}>
          {t('policies.add')}
        </Button>
      </PageHead>
      {endpoint !== undefined && <OfEndpoint name={nameOf(endpoint)} />}
      {error && <ProblemNote error={error} />}
      <RecordTable
        records={shown}
        idOf={({ team, key }) => `${team} ${key}`}
        emptyText={t('policies.none')}
        columns={[
          {
            accessor: 'key',
            title: t('policies.key'),
            render: ({ key, name }) => (
              <div>
                {key}
                {name !== key && (
                  <Text size="xs" c="dimmed">
                    {name}
                  </Text>
                )}
              </div>
            ),
          },
          { accessor: 'team', title: t('endpoints.team'), visibleMediaQuery: '(min-width: 62em)' },
          {
            accessor: 'match',
            title: t('policies.match'),
            visibleMediaQuery: '(min-width: 62em)',
            render: ({ match }) =>
              Object.entries(match ?? {})
                .map(([name, value]) => `${name}=${value}`)
                .join(', '),
          },
          {
            accessor: 'endpoints',
            title: t('policies.endpoints'),
            render: ({ endpoints: ids }) => ids.map(nameOf).join(', '),
          },
          { accessor: 'enabled', title: t('policies.enabled'), render: (policy) => <Enabled policy={policy} /> },
          {
            accessor: 'actions',
            title: <VisuallyHidden>{t('app.actions')}</VisuallyHidden>,
            textAlign: 'right',
            render: (policy) => (
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  onClick={() => setEdited(policy)}
                  aria-label={t('policies.edit', { key: policy.key })}
                >
                  <IconEdit size={18} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  onClick={() => setRemoved(policy)}
                  aria-label={`${t('app.delete')}: ${policy.key}`}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              </Group>
            ),
          },
        ]}
      />
      <Unrouted onAdd={(key) => setEdited({ key })} />
      {edited && <PolicyForm policy={edited} onClose={() => setEdited(undefined)} />}
      {removed && <DeletePolicy policy={removed} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

/** Says that only the policies of one endpoint are shown. */
function OfEndpoint({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <Alert mb="md">
      <Group>
        {t('policies.ofEndpoint', { name })}
        <TextLink to="/policies" search={{}}>
          {t('policies.showAll')}
        </TextLink>
      </Group>
    </Alert>
  );
}

function Enabled({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (enabled: boolean) =>
      bodyOf(api.PATCH('/api/v1/policies/{key}', { params: pathOf(policy), body: { enabled } as never })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey }),
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
  return (
    <Switch
      checked={change.isPending ? change.variables : policy.enabled}
      onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
      aria-label={`${t('policies.enabled')}: ${policy.key}`}
    />
  );
}
