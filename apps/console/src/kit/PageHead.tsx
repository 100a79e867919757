import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** The title of a page with its main actions. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" mb="md">
      <Title order={1} size="h2">
        {title}
      </Title>
      <Group>{children}</Group>
    </Group>
  );
}
