import { Alert, List } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.js';

/** A failed request, in the words of the API. */
export function ProblemNote({ error }: { error: Error }) {
  const { t } = useTranslation();
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
      {isUnreachable(error) ? t('app.unreachable') : error.message}
      {fields.length > 0 && (
        <List size="sm" mt="xs">
          {fields.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path} {message}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

/** Browsers report a failed request by a TypeError, in words of their own. */
const isUnreachable = (error: Error): boolean =>
  error instanceof TypeError && /fetch|network|load/i.test(error.message);
