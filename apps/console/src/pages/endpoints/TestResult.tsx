import { Alert, Badge, Code, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.js';
import { ProblemNote } from '../../kit/ProblemNote.js';

interface Props {
  name: string;
  /** The answer; undefined while the test runs. */
  result: Schemas['TestResult'] | undefined;
  error: Error | null;
  isOpen: boolean;
  onClose(): void;
}

/** What happened to a test, at each target in the words of its provider. */
export function TestResult({ name, result, error, isOpen, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('endpoints.testOf', { name })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {error && <ProblemNote error={error} />}
      {!error && !result && (
        <Group>
          <Loader size="sm" />
          {t('endpoints.testing')}
        </Group>
      )}
      {result && (
        <Stack>
          <Alert color={result.ok ? 'teal' : 'red'} role="status">
            {t(result.ok ? 'endpoints.testPassed' : 'endpoints.testFailed')}
          </Alert>
          {result.targets.map(({ target, ok, detail, durationMs, providerResponse }) => (
            <div key={target}>
              <Group gap="xs">
                <Text fw={600}>{target}</Text>
                <Badge color={ok ? 'teal.9' : 'red.9'} tt="none">
                  {t(ok ? 'endpoints.accepted' : 'endpoints.refused')}
                </Badge>
                <Text size="sm" c="dimmed">
                  {t('deliveries.tookMs', { count: durationMs })}
                </Text>
              </Group>
              <Text>{detail}</Text>
              {providerResponse && <Code block>{providerResponse}</Code>}
            </div>
          ))}
        </Stack>
      )}
    </Modal>
  );
}
