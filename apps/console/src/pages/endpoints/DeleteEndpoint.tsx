import { List, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { policiesQuery } from '../../api/queries.js';
import { ConfirmDelete } from '../../kit/ConfirmDelete.js';
import type { Endpoint } from './draft.js';

/** Asks before an endpoint is deleted, and names the policies that push to it. */
export function DeleteEndpoint({ endpoint: { id, name }, onClose }: { endpoint: Endpoint; onClose(): void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { data: policies = [] } = useQuery(policiesQuery);
  const linked = policies.filter(({ endpoints }) => endpoints.includes(id));
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/endpoints/{id}', { params: { path: { id }, query: { force: 'true' } } }),
    async onSuccess() {
      await queryClient.invalidateQueries();
      notifications.show({ message: t('endpoints.deleted', { name }), color: 'teal' });
      onClose();
    },
  });
  return (
    <ConfirmDelete
      title={t('endpoints.deleteTitle', { name })}
      text={t('endpoints.deleteText')}
      error={remove.error}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {linked.length > 0 && (
        <div>
          <Text>{t('endpoints.deleteLinked', { count: linked.length })}</Text>
          <List>
            {linked.map(({ key, team }) => (
              <List.Item key={`${team} ${key}`}>{key}</List.Item>
            ))}
          </List>
        </div>
      )}
    </ConfirmDelete>
  );
}
