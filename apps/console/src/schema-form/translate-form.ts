import { TranslatableString } from '@rjsf/utils';
import type { TFunction } from 'i18next';

/** The texts of the form library, in the language of the console. */
export const translateForm =
  (t: TFunction) =>
  (text: TranslatableString, params: string[] = []): string => {
    switch (text) {
      case TranslatableString.AddButton:
      case TranslatableString.AddItemButton:
        return t('form.addItem');
      case TranslatableString.RemoveButton:
        return t('form.removeItem');
      case TranslatableString.OptionalObjectAdd:
        return t('form.addGroup', { title: '' });
      case TranslatableString.OptionalObjectRemove:
        return t('form.removeGroup', { title: '' });
      case TranslatableString.KeyLabel:
        return `${t('form.name')} ${params[0] ?? ''}`;
      default:
        return params.reduce((found, param, i) => found.replaceAll(`%${i + 1}`, param), text as string);
    }
  };
