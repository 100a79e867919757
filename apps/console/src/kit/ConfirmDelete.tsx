import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from './ProblemNote.js';

interface Props {
  title: string;
  text: string;
  error: Error | null;
  isBusy: boolean;
  onConfirm(): void;
  onClose(): void;
  /** What the deletion affects besides. */
  children?: ReactNode;
}

export function ConfirmDelete({ title, text, error, isBusy, onConfirm, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Stack>
        <Text>{text}</Text>
        {children}
        {error && <ProblemNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('app.cancel')}
          </Button>
          <Button color="red" onClick={onConfirm} loading={isBusy}>
            {t('app.delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
