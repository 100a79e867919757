import { IconActivity, IconBell, IconRoute, IconSend } from '@tabler/icons-react';

/** The pages of the menu; the folder of each in `pages/` has its route. */
export const menu = [
  { to: '/', label: 'overview.title', icon: IconActivity },
  { to: '/endpoints', label: 'endpoints.title', icon: IconBell },
  { to: '/policies', label: 'policies.title', icon: IconRoute },
  { to: '/deliveries', label: 'deliveries.title', icon: IconSend },
] as const;
