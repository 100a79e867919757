import { Alert, Button, Center, Group, Paper, PasswordInput, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.js';
import { session } from '../api/session.js';
import { Preferences } from '../kit/Preferences.js';
import { ProblemNote } from '../kit/ProblemNote.js';
import { checkKey } from './check-key.js';

export function SignIn() {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<Error>();
  const [isBusy, setBusy] = useState(false);

  async function signIn(data: FormData) {
    const key = String(data.get('key')).trim();
    setBusy(true);
    try {
      await checkKey(key);
      session.begin(key);
    } catch (error) {
      setFailure(error as Error);
      setBusy(false);
    }
  }

  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder p="xl" w={420} maw="100%">
        <form action={signIn}>
          <Stack>
            <Group wrap="nowrap">
              <img src="./assets/icon.svg" alt="" width={36} height={36} />
              <Title order={1} size="h3" mr="auto">
                {t('session.title')}
              </Title>
              <Preferences />
            </Group>
            <PasswordInput
              name="key"
              label={t('session.key')}
              description={t('session.hint')}
              required
              autoFocus
              autoComplete="current-password"
              withAsterisk={false}
            />
            {failure && <Refusal error={failure} />}
            <Button type="submit" loading={isBusy}>
              {t('session.submit')}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const known = error instanceof ApiError && ({ 401: 'session.wrong', 403: 'session.lacks' } as const)[error.status];
  return known ? (
    <Alert color="red" role="alert">
      {t(known)}
    </Alert>
  ) : (
    <ProblemNote error={error} />
  );
}
