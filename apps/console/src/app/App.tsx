import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useKey } from '../api/session.js';
import { SignIn } from '../sign-in/SignIn.js';
import { queryClient } from './query-client.js';
import { router } from './router.js';
import { theme } from './theme.js';

export function App() {
  const key = useKey();
  // Answers of one key are not shown under another.
  useEffect(() => {
    if (!key) queryClient.clear();
  }, [key]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="top-right" />
        {key ? <RouterProvider router={router} /> : <SignIn />}
      </QueryClientProvider>
    </MantineProvider>
  );
}
