import { Button, Group, Modal, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/api-error.js';
import { endpointsQuery } from '../../api/queries.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { linesOf, type Policy } from './policy.js';
import { useSavedPolicy } from './use-saved-policy.js';

const isSaved = (policy: Policy | { key: string }): policy is Policy => 'team' in policy;

/** The form of a new policy, whose key may be given, or of a saved one. */
export function PolicyForm({ policy, onClose }: { policy: Policy | { key: string }; onClose(): void }) {
  const { t } = useTranslation();
  const saved = isSaved(policy) ? policy : undefined;
  const [key, setKey] = useState(policy.key);
  const [name, setName] = useState(saved?.name ?? '');
  const [chosen, setChosen] = useState<string[]>(saved?.endpoints ?? []);
  const [match, setMatch] = useState(linesOf(saved?.match ?? null));
  const save = useSavedPolicy({ saved, key, name, endpoints: chosen, match }, onClose);
  const errors = save.error instanceof ApiError ? save.error.errors : [];
  const errorOf = (path: string) => errors.find((one) => one.path === path || one.path.startsWith(`${path}.`))?.message;
  return (
    <Modal
      opened
      onClose={onClose}
      title={saved ? t('policies.edit', { key: saved.key }) : t('policies.add')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form noValidate action={() => save.mutate()}>
        <Stack>
          <TextInput
            label={t('policies.key')}
            description={t('policies.keyHint')}
            required
            disabled={saved !== undefined}
            value={key}
            onChange={({ currentTarget }) => setKey(currentTarget.value)}
            error={errorOf('key')}
          />
          <TextInput
            label={t('policies.name')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={errorOf('name')}
          />
          <EndpointsField value={chosen} onChange={setChosen} error={errorOf('endpoints')} />
          <Textarea
            label={t('policies.match')}
            description={t('policies.matchHint')}
            rows={3}
            value={match}
            onChange={({ currentTarget }) => setMatch(currentTarget.value)}
            error={errorOf('match')}
            spellCheck={false}
          />
          {save.error && <ProblemNote error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface EndpointsFieldProps {
  value: string[];
  onChange(ids: string[]): void;
  error: string | undefined;
}

function EndpointsField(props: EndpointsFieldProps) {
  const { t } = useTranslation();
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  return (
    <MultiSelect
      label={t('policies.endpoints')}
      data={endpoints.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      {...props}
    />
  );
}
