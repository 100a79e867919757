import { PasswordInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useTranslation } from 'react-i18next';

/** The mask that the API returns in place of a stored secret. */
const MASK = '********';

export function SecretWidget({
  id,
  label,
  schema,
  required,
  disabled,
  readonly,
  value,
  onChange,
  rawErrors,
}: WidgetProps) {
  const { t } = useTranslation();
  const isStored = value === MASK;
  return (
    <PasswordInput
      id={id}
      label={label}
      description={[schema.description, isStored && t('form.secretStored')].filter(Boolean).join(' · ')}
      required={required}
      disabled={disabled || readonly}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      autoComplete="new-password"
      error={rawErrors?.join('; ')}
    />
  );
}
