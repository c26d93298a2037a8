import './mantine-styles.ts';
import './styles.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { LanguageProvider, loadFirstLanguage } from './shell/languages.tsx';
import { noticeInputs } from './shell/notice-inputs.ts';
import { pageFacts } from './shell/page-facts.ts';
import { queryClient } from './shell/query-client.ts';
import { router } from './shell/router.tsx';
import { meQuery } from './shell/session.ts';
import { theme } from './shell/theme.ts';

setNonce(pageFacts.nonce);
noticeInputs();
const colorSchemes = localStorageColorSchemeManager({ key: 'mailroom-color-scheme' });

const root = createRoot(document.getElementById('root') as HTMLElement);

// Requested while the rest of the code is loading.
if (pageFacts.wasSignedIn) void queryClient.prefetchQuery(meQuery);

// Not awaited here: other modules of the pages import this one, and would wait for it.
void loadFirstLanguage().then((first) =>
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={colorSchemes}
        getStyleNonce={() => pageFacts.nonce}
      >
        <LanguageProvider first={first}>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LanguageProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
