import { Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { endpointsQuery } from '../../api/queries.js';
import { LEVELS } from '../../kit/LevelBadge.js';
import { type Filters, STATUSES } from './filters.js';

export function FilterBar({ filters, onChange }: { filters: Filters; onChange(change: Filters): void }) {
  const { t } = useTranslation();
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const text = (name: 'policy' | 'object') => (
    <TextInput
      key={name}
      label={t(`deliveries.${name}`)}
      defaultValue={filters[name] ?? ''}
      onBlur={({ currentTarget }) => onChange({ [name]: currentTarget.value.trim() || undefined })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange({ [name]: event.currentTarget.value.trim() || undefined });
      }}
    />
  );
  return (
    <Group mb="md" align="end">
      <Select
        label={t('deliveries.status')}
        placeholder={t('deliveries.all')}
        clearable
        w={150}
        data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
        value={filters.status ?? null}
        onChange={(status) => onChange({ status: (status ?? undefined) as Filters['status'] })}
      />
      <Select
        label={t('deliveries.level')}
        placeholder={t('deliveries.all')}
        clearable
        w={130}
        data={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
        value={filters.level ?? null}
        onChange={(level) => onChange({ level: (level ?? undefined) as Filters['level'] })}
      />
      <Select
        label={t('deliveries.endpoint')}
        placeholder={t('deliveries.all')}
        clearable
        searchable
        w={200}
        data={endpoints.map(({ id, name }) => ({ value: id, label: name }))}
        value={filters.endpoint ?? null}
        onChange={(endpoint) => onChange({ endpoint: endpoint ?? undefined })}
      />
      {text('policy')}
      {text('object')}
    </Group>
  );
}
