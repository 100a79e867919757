import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export const LEVELS = ['fatal', 'error', 'nodata', 'warning', 'info', 'recovered'] as const;
export type Level = (typeof LEVELS)[number];

const COLORS: Record<Level, string> = {
  fatal: 'red.9',
  error: 'red.6',
  nodata: 'grape.8',
  warning: 'orange.5',
  info: 'blue.8',
  recovered: 'teal.9',
};

export function LevelBadge({ level }: { level: Level }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[level]} variant="filled" tt="none" miw="max-content">
      {t(`level.${level}`)}
    </Badge>
  );
}
