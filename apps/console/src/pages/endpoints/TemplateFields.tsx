import { Code, Fieldset, Group, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.js';
import type { Draft } from './draft.js';

interface Props {
  channel: Schemas['Channel'];
  draft: Draft;
  set(change: Partial<Draft>): void;
  errorOf(path: string): string | undefined;
}

/** The texts of the message. Empty ones are those of the channel, which are shown as placeholders. */
export function TemplateFields({ channel, draft, set, errorOf }: Props) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('endpoints.template')}>
      <Stack>
        <TextInput
          label={t('endpoints.templateTitle')}
          placeholder={channel.template.title}
          value={draft.title}
          onChange={({ currentTarget }) => set({ title: currentTarget.value })}
          error={errorOf('template.title')}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Textarea
          label={t('endpoints.templateContent')}
          placeholder={channel.template.content}
          value={draft.content}
          onChange={({ currentTarget }) => set({ content: currentTarget.value })}
          error={errorOf('template.content')}
          spellCheck={false}
          rows={8}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Text size="sm" c="dimmed">
          {t('endpoints.templateHint')}
        </Text>
        <Group gap={4}>
          {channel.variables.map(({ name, description }) => (
            <Tooltip key={name} label={description} multiline maw={320}>
              <Code>{name}</Code>
            </Tooltip>
          ))}
        </Group>
      </Stack>
    </Fieldset>
  );
}
