import { DataTable, type DataTableColumn } from 'mantine-datatable';
import { useTranslation } from 'react-i18next';

interface Props<T> {
  /** Undefined while they are loaded. */
  records: T[] | undefined;
  columns: DataTableColumn<T>[];
  /** Shown in place of an empty table: what to do. */
  emptyText: string;
  idOf?(record: T): string;
  onRowClick?(record: T): void;
}

/** A table of records. It can be scrolled by the keyboard where it is wider than the page. */
export function RecordTable<T>({ records, columns, emptyText, idOf, onRowClick }: Props<T>) {
  const { t } = useTranslation();
  return (
    <DataTable<T>
      withTableBorder
      minHeight={160}
      verticalSpacing="sm"
      fetching={records === undefined}
      records={records ?? []}
      columns={columns}
      noRecordsText={records === undefined ? t('app.loading') : emptyText}
      {...(idOf && { idAccessor: idOf })}
      {...(onRowClick && { onRowClick: ({ record }: { record: T }) => onRowClick(record) })}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    />
  );
}
