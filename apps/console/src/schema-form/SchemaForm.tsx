import { type FormProps, withTheme } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldError } from '../api/api-error.js';
import { errorSchemaOf } from './error-schema.js';
import { GroupDescription } from './GroupDescription.js';
import { GroupTitle } from './GroupTitle.js';
import { ListTitle } from './ListTitle.js';
import { SecretWidget } from './SecretWidget.js';
import { TagsWidget } from './TagsWidget.js';
import { translateForm } from './translate-form.js';
import { type FieldSchema, uiSchemaOf } from './ui-schema.js';
import { validator } from './validator.js';

const Form = withTheme(Theme);
const templates = {
  TitleFieldTemplate: GroupTitle,
  DescriptionFieldTemplate: GroupDescription,
  ArrayFieldTitleTemplate: ListTitle,
};
const widgets = { tags: TagsWidget, secret: SecretWidget };

interface Props {
  schema: FieldSchema;
  /** Name of the field whose settings the form holds, in paths of errors. */
  field: string;
  value: Record<string, unknown>;
  onChange(value: Record<string, unknown>): void;
  errors: readonly FieldError[];
}

/** Fields made of a JSON Schema of the API, inside another form. */
export default function SchemaForm({ schema, field, value, onChange, errors }: Props) {
  const { t } = useTranslation();
  const uiSchema = useMemo(
    () => ({
      ...uiSchemaOf(schema),
      'ui:globalOptions': { enableOptionalDataFieldForType: ['object'] },
    }),
    [schema],
  );
  const extraErrors = useMemo(() => errorSchemaOf(errors, field), [errors, field]);
  return (
    <Form
      schema={schema}
      uiSchema={uiSchema as FormProps['uiSchema']}
      formData={value}
      onChange={({ formData }) => onChange(formData)}
      extraErrors={extraErrors}
      validator={validator}
      widgets={widgets}
      templates={templates}
      translateString={translateForm(t)}
      idPrefix={field}
      tagName="div"
      noHtml5Validate
      showErrorList={false}
    >
      {/* The surrounding form is submitted. */}
      <span />
    </Form>
  );
}
