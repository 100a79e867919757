import { Button, Text } from '@mantine/core';
import type { DataTableColumn } from 'mantine-datatable';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.js';
import { LevelBadge } from '../../kit/LevelBadge.js';
import { StatusBadge } from '../../kit/StatusBadge.js';
import { Time } from '../../kit/Time.js';

/** The columns of the list. @param onOpen shows a delivery with its attempts */
export function useColumns(onOpen: (id: string) => void): DataTableColumn<Schemas['Delivery']>[] {
  const { t } = useTranslation();
  return [
    {
      accessor: 'status',
      title: t('deliveries.status'),
      render: ({ status }) => <StatusBadge status={status} />,
    },
    {
      accessor: 'level',
      title: t('deliveries.level'),
      render: ({ level }) => level && <LevelBadge level={level} />,
    },
    {
      accessor: 'alert',
      title: t('deliveries.alert'),
      render: ({ id, title, policy, object }) => (
        <div>
          <Button
            variant="transparent"
            size="compact-sm"
            p={0}
            onClick={() => onOpen(id)}
            styles={{ label: { whiteSpace: 'normal', textAlign: 'start' } }}
          >
            {title || `${policy}: ${object}`}
          </Button>
          <Text size="xs" c="dimmed">
            {policy} · {object}
          </Text>
        </div>
      ),
    },
    {
      accessor: 'endpointName',
      title: t('deliveries.endpoint'),
      visibleMediaQuery: '(min-width: 48em)',
      render: ({ endpointName, target }) => (
        <div>
          {endpointName}
          <Text size="xs" c="dimmed">
            {target}
          </Text>
        </div>
      ),
    },
    {
      accessor: 'lastError',
      title: t('deliveries.lastError'),
      visibleMediaQuery: '(min-width: 75em)',
      render: ({ lastError, reason }) => <Text size="sm">{reason ?? lastError}</Text>,
    },
    {
      accessor: 'createdAt',
      title: t('deliveries.created'),
      textAlign: 'right',
      render: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
}
