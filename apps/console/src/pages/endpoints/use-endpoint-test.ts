import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Schemas } from '../../api/client.js';

/** Tests an endpoint, and says whether its result is shown. */
export function useEndpointTest() {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const test = useMutation({
    mutationFn: (settings: Schemas['EndpointTest'] | { savedId: string }) =>
      'savedId' in settings
        ? bodyOf(api.POST('/api/v1/endpoints/{id}/test', { params: { path: { id: settings.savedId } } }))
        : bodyOf(api.POST('/api/v1/endpoints/test', { body: settings })),
  });
  return {
    run(of: string, settings: Parameters<typeof test.mutate>[0]) {
      setName(of);
      setOpen(true);
      test.mutate(settings);
    },
    shown: {
      ...{ name, isOpen, error: test.error, result: test.isPending ? undefined : test.data },
      onClose: () => setOpen(false),
    },
  };
}
