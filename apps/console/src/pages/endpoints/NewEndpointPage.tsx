import { Button, Card, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, bodyOf, type Schemas } from '../../api/client.js';
import { channelsQuery } from '../../api/queries.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { createBodyOf, newDraft } from './draft.js';
import { EndpointForm } from './EndpointForm.js';
import { TestResult } from './TestResult.js';
import { useEndpointTest } from './use-endpoint-test.js';

const route = getRouteApi('/endpoints/new');

export default function NewEndpointPage() {
  const { t } = useTranslation();
  const { channel } = route.useSearch();
  const navigate = useNavigate();
  const { data: channels, error } = useQuery(channelsQuery);
  const chosen = channels?.find(({ type }) => type === channel);
  const choose = (type: string) => navigate({ to: '/endpoints/new', search: { channel: type } });
  return (
    <>
      <PageHead title={t('endpoints.add')} />
      {error && <ProblemNote error={error} />}
      {channels && !chosen && <ChannelChoice channels={channels} onChoose={choose} />}
      {chosen && <NewEndpoint key={chosen.type} channel={chosen} />}
    </>
  );
}

function ChannelChoice({ channels, onChoose }: { channels: Schemas['Channel'][]; onChoose(type: string): void }) {
  const { t } = useTranslation();
  return (
    <>
      <Text mb="sm">{t('endpoints.chooseChannel')}</Text>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} maw={960}>
        {channels.map(({ type, label }) => (
          <UnstyledButton key={type} onClick={() => onChoose(type)}>
            <Card withBorder padding="lg">
              <Text fw={600}>{label}</Text>
              <Text size="sm" c="dimmed">
                {type}
              </Text>
            </Card>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </>
  );
}

function NewEndpoint({ channel }: { channel: Schemas['Channel'] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => newDraft(channel.type));
  const test = useEndpointTest();
  const save = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/endpoints', { body: createBodyOf(draft) })),
    async onSuccess({ name }) {
      await queryClient.invalidateQueries();
      notifications.show({ message: t('endpoints.saved', { name }), color: 'teal' });
      await navigate({ to: '/endpoints' });
    },
  });
  const runTest = () => test.run(draft.name || channel.label, { ...createBodyOf(draft), name: draft.name || 'test' });
  return (
    <>
      <EndpointForm
        {...{ channel, draft, onChange: setDraft, isSaved: false, isBusy: save.isPending, error: save.error }}
        onSubmit={() => save.mutate()}
      >
        <Button variant="default" onClick={runTest}>
          {t('endpoints.test')}
        </Button>
        <Button variant="subtle" onClick={() => navigate({ to: '/endpoints' })}>
          {t('app.cancel')}
        </Button>
      </EndpointForm>
      <TestResult {...test.shown} />
    </>
  );
}
