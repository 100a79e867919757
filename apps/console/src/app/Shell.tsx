import { Anchor, AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconBook, IconExternalLink, IconStack2 } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Preferences } from '../kit/Preferences.js';
import { menu } from './menu.js';
import { Readiness } from './Readiness.js';

/** The frame of every page: name, state and preferences on top, the menu at the side. */
export function Shell() {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const { pathname } = useLocation();
  const isCurrent = (to: string) => (to === '/' ? pathname === '/' : pathname.startsWith(to));
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('app.menu')} />
          <Anchor href="./" underline="never" c="inherit">
            <Group gap="xs" wrap="nowrap">
              <img src="./assets/icon.svg" alt="" width={28} height={28} />
              <Text component="span" fw={700} size="lg">
                Tocsin
              </Text>
            </Group>
          </Anchor>
          <Readiness />
          <Group ml="auto">
            <Preferences />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('app.menu')} inert={isNarrow && !isOpen}>
        {menu.map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={t(label)}
            leftSection={<Icon size={18} stroke={1.5} />}
            active={isCurrent(to)}
            aria-current={isCurrent(to) ? 'page' : undefined}
            onClick={close}
          />
        ))}
        <Group mt="auto" gap="xs" p="xs" fz="sm">
          <OuterLink href="queues" icon={<IconStack2 size={16} />} label={t('app.queues')} />
          <OuterLink href="docs" icon={<IconBook size={16} />} label={t('app.apiDocs')} />
        </Group>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function OuterLink({ href, icon, label }: { href: string; icon: React.ReactNode; label: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noopener" fz="sm" w="100%">
      <Group gap={6} wrap="nowrap">
        {icon}
        {label}
        <IconExternalLink size={14} />
      </Group>
    </Anchor>
  );
}
