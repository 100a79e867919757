import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, bodyOf, type Schemas } from '../../api/client.js';
import { channelsQuery } from '../../api/queries.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { createBodyOf, draftOf, type Endpoint, patchBodyOf } from './draft.js';
import { EndpointForm } from './EndpointForm.js';
import { TestResult } from './TestResult.js';
import { useEndpointTest } from './use-endpoint-test.js';

const route = getRouteApi('/endpoints/$id');

export default function EndpointPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const endpoint = useQuery({
    queryKey: ['endpoints', id],
    queryFn: () => bodyOf(api.GET('/api/v1/endpoints/{id}', { params: { path: { id } } })),
  });
  const channels = useQuery(channelsQuery);
  const error = endpoint.error ?? channels.error;
  const channel = channels.data?.find(({ type }) => type === endpoint.data?.channel);
  return (
    <>
      <PageHead title={endpoint.data ? t('endpoints.edit', { name: endpoint.data.name }) : ''} />
      {error && <ProblemNote error={error} />}
      {endpoint.data && channel && (
        <SavedEndpoint key={endpoint.data.updatedAt} saved={endpoint.data} channel={channel} />
      )}
    </>
  );
}

function SavedEndpoint({ saved, channel }: { saved: Endpoint; channel: Schemas['Channel'] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(saved));
  const test = useEndpointTest();
  const save = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PATCH('/api/v1/endpoints/{id}', {
          params: { path: { id: saved.id } },
          body: patchBodyOf(draft, saved) as never,
        }),
      ),
    async onSuccess({ name }) {
      await queryClient.invalidateQueries();
      notifications.show({ message: t('endpoints.saved', { name }), color: 'teal' });
      await navigate({ to: '/endpoints' });
    },
  });
  const runTest = () => {
    const { policies: _, ...settings } = createBodyOf({ ...draft, team: saved.team });
    test.run(saved.name, { ...settings, id: saved.id });
  };
  return (
    <>
      <EndpointForm
        {...{ channel, draft, onChange: setDraft, isSaved: true, isBusy: save.isPending, error: save.error }}
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
