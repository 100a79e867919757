import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, bodyOf } from '../../api/client.js';
import { matchOf, type Policy, pathOf } from './policy.js';

interface Entered {
  /** The policy that is changed; undefined for a new one. */
  saved: Policy | undefined;
  key: string;
  name: string;
  endpoints: string[];
  /** Lines of `name=value`. */
  match: string;
}

/** Saves what was entered into the form of a policy. */
export function useSavedPolicy({ saved, key, match, name, endpoints }: Entered, onSaved: () => void) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const fields = { ...(name && { name }), endpoints, match: matchOf(match) };
      return saved
        ? bodyOf(api.PATCH('/api/v1/policies/{key}', { params: pathOf(saved), body: fields as never }))
        : bodyOf(api.POST('/api/v1/policies', { body: { key, ...fields } as never }));
    },
    async onSuccess() {
      await queryClient.invalidateQueries();
      notifications.show({ message: t('policies.saved', { key }), color: 'teal' });
      onSaved();
    },
  });
}
