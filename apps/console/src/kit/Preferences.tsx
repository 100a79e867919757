import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconLogout, IconSettings } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { session, useKey } from '../api/session.js';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/i18n.js';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** Language, colors, and the end of the session. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const key = useKey();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const mark = (isChosen: boolean) => (isChosen ? <IconCheck size={14} /> : null);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`${t('app.language')}, ${t('app.colors')}`}>
          <IconSettings size={18} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('app.language')}</Menu.Label>
        {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
          <Menu.Item
            key={code}
            lang={code}
            onClick={() => changeLanguage(code)}
            rightSection={mark(i18n.language === code)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>{t('app.colors')}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)} rightSection={mark(colorScheme === scheme)}>
            {t(`app.${scheme}`)}
          </Menu.Item>
        ))}
        {key && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => session.end()}>
              {t('app.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
