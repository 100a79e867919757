import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function PageMissing() {
  const { t } = useTranslation();
  return <Title order={2}>{t('app.notFound')}</Title>;
}
