import { TagsInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useTranslation } from 'react-i18next';

const SEPARATORS = [',', '，', ';', '；', '\n'];

/** A list of texts. Each is added by Enter; a pasted list is split. */
export function TagsWidget({
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
  return (
    <TagsInput
      id={id}
      label={label}
      description={[schema.description, t('form.itemsHint')].filter(Boolean).join(' · ')}
      required={required}
      disabled={disabled || readonly}
      value={textsOf(value)}
      onChange={(items) => onChange(items.length > 0 ? items : undefined)}
      splitChars={SEPARATORS}
      acceptValueOnBlur
      clearable
      error={rawErrors?.join('; ')}
    />
  );
}

/** The form library fills a required list with undefined items. */
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
