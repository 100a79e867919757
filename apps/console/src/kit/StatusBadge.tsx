import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const COLORS = {
  waiting: 'gray.7',
  retrying: 'orange.5',
  delivered: 'teal.9',
  dead: 'red.9',
  cancelled: 'gray.6',
} as const;

export function StatusBadge({ status }: { status: keyof typeof COLORS }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[status]} variant="filled" tt="none" miw="max-content">
      {t(`status.${status}`)}
    </Badge>
  );
}
