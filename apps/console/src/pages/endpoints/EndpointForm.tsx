import { Button, Fieldset, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/api-error.js';
import type { Schemas } from '../../api/client.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import type { FieldSchema } from '../../schema-form/ui-schema.js';
import type { Draft } from './draft.js';
import type { FieldsProps } from './fields-props.js';
import { RuleFields } from './RuleFields.js';
import { TemplateFields } from './TemplateFields.js';

const SchemaForm = lazy(() => import('../../schema-form/SchemaForm.js'));

interface Props {
  channel: Schemas['Channel'];
  draft: Draft;
  onChange(draft: Draft): void;
  onSubmit(): void;
  error: Error | null;
  isBusy: boolean;
  /** Whether the endpoint is saved already: its team and policies are changed elsewhere. */
  isSaved: boolean;
  /** Further buttons beside the one that saves. */
  children?: ReactNode;
}

/** The form of an endpoint: the same fields for every channel, and the channel's own by its schema. */
export function EndpointForm({ channel, draft, onChange, onSubmit, error, isBusy, isSaved, children }: Props) {
  const { t } = useTranslation();
  const errors = error instanceof ApiError ? error.errors : [];
  const errorOf = (path: string) => errors.find((one) => one.path === path || one.path.startsWith(`${path}.`))?.message;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack maw={760}>
        <NameFields {...{ draft, set, errorOf, isSaved }} />
        <Fieldset legend={t('endpoints.settings', { channel: channel.label })}>
          <Suspense fallback={<Skeleton h={160} />}>
            <SchemaForm
              schema={channel.config as FieldSchema}
              field="config"
              value={draft.config}
              onChange={(config) => set({ config })}
              errors={errors}
            />
          </Suspense>
        </Fieldset>
        <RuleFields {...{ draft, set, errorOf, isSaved }} />
        <TemplateFields channel={channel} draft={draft} set={set} errorOf={errorOf} />
        {error && <ProblemNote error={error} />}
        <Group>
          <Button type="submit" loading={isBusy}>
            {t('app.save')}
          </Button>
          {children}
        </Group>
      </Stack>
    </form>
  );
}

function NameFields({ draft, set, errorOf, isSaved }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <TextInput
        label={t('endpoints.name')}
        required
        value={draft.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        error={errorOf('name')}
        data-autofocus
      />
      {!isSaved && (
        <TextInput
          label={t('endpoints.team')}
          description={t('endpoints.teamHint')}
          placeholder="default"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={draft.team}
          onChange={({ currentTarget }) => set({ team: currentTarget.value })}
          error={errorOf('team')}
        />
      )}
    </Group>
  );
}
