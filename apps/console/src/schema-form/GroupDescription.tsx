import { Text } from '@mantine/core';
import type { DescriptionFieldProps } from '@rjsf/utils';

export function GroupDescription({ id, description }: DescriptionFieldProps) {
  return description ? (
    <Text id={id} size="xs" c="dimmed" mb="xs">
      {description}
    </Text>
  ) : null;
}
