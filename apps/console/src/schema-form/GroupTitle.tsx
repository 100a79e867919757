import { Group, Text } from '@mantine/core';
import type { TitleFieldProps } from '@rjsf/utils';

/** The title of a group of fields, with the button that adds or removes an optional group. */
export function GroupTitle({ id, title, optionalDataControl }: TitleFieldProps) {
  return (
    <Group id={id} justify="space-between" mt="sm">
      <Text fw={600}>{title}</Text>
      {optionalDataControl}
    </Group>
  );
}
