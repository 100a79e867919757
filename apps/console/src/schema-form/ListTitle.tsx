import { Text } from '@mantine/core';
import { type ArrayFieldTitleProps, titleId } from '@rjsf/utils';

/** The title of a list of groups. */
export function ListTitle({ fieldPathId, title }: ArrayFieldTitleProps) {
  return title ? (
    <Text component="span" id={titleId(fieldPathId)} fw={600}>
      {title}
    </Text>
  ) : null;
}
