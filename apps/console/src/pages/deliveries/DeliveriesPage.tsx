import { Button, Group } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, bodyOf } from '../../api/client.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { RecordTable } from '../../kit/RecordTable.js';
import { useColumns } from './columns.js';
import { DeliveryDetail } from './DeliveryDetail.js';
import { FilterBar } from './FilterBar.js';
import type { Filters } from './filters.js';

const route = getRouteApi('/deliveries');
const PAGE = '50';
const REFRESH_MS = 3_000;

export default function DeliveriesPage() {
  const { t } = useTranslation();
  const { id, ...filters } = route.useSearch();
  const navigate = useNavigate();
  const go = (search: Filters) => navigate({ to: '/deliveries', search, replace: true });
  const { data, error } = useQuery({
    queryKey: ['deliveries', filters],
    queryFn: () => bodyOf(api.GET('/api/v1/deliveries', { params: { query: { ...filters, limit: PAGE } } })),
    placeholderData: keepPreviousData,
    // An older page changes little, and its rows should stay in place while they are read.
    refetchInterval: filters.cursor === undefined ? REFRESH_MS : false,
  });
  const columns = useColumns((shown) => go({ ...filters, id: shown }));
  const next = data?.nextCursor;
  return (
    <>
      <PageHead title={t('deliveries.title')} />
      <FilterBar filters={filters} onChange={(change) => go({ ...filters, cursor: undefined, ...change })} />
      {error && <ProblemNote error={error} />}
      <RecordTable
        records={data?.items}
        emptyText={t('deliveries.none')}
        onRowClick={(record) => go({ ...filters, id: record.id })}
        columns={columns}
      />
      <Group justify="flex-end" mt="md">
        <Button
          variant="default"
          disabled={filters.cursor === undefined}
          onClick={() => go({ ...filters, cursor: undefined })}
        >
          {t('deliveries.first')}
        </Button>
        <Button variant="default" disabled={!next} onClick={() => next && go({ ...filters, cursor: next })}>
          {t('deliveries.next')}
        </Button>
      </Group>
      {id !== undefined && <DeliveryDetail id={id} onClose={() => go(filters)} />}
    </>
  );
}
