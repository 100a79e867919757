import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { ConfirmDelete } from '../../kit/ConfirmDelete.js';
import { type Policy, pathOf } from './policy.js';

export function DeletePolicy({ policy, onClose }: { policy: Policy; onClose(): void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { key } = policy;
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/policies/{key}', { params: pathOf(policy) }),
    async onSuccess() {
      await queryClient.invalidateQueries();
      notifications.show({ message: t('policies.deleted', { key }), color: 'teal' });
      onClose();
    },
  });
  return (
    <ConfirmDelete
      title={t('policies.deleteTitle', { key })}
      text={t('policies.deleteText')}
      error={remove.error}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
