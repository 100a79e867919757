import { Button, Stack, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from './ProblemNote.js';

export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Stack align="start" p="md">
      <Title order={2}>{t('app.failed')}</Title>
      <ProblemNote error={error as Error} />
      <Button onClick={reset}>{t('app.retry')}</Button>
    </Stack>
  );
}
