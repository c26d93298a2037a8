import { Center } from '@mantine/core';
import type { ComponentType } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { BrokenPage } from './broken-page.tsx';
import { HomeRedirect } from './home-redirect.tsx';
import { loadDeskWords } from './languages.tsx';
import { Layout } from './layout.tsx';
import { loadCode } from './load-code.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { ShellSkeleton } from './shell-skeleton.tsx';
import { SignOutPage } from './sign-out-page.tsx';

/** A page that loads its code when it is first opened. */
function page(load: () => Promise<ComponentType>) {
  return { lazy: async () => ({ Component: await loadCode(load) }) };
}

/** A page where mail is worked on, or that shows such parts: with the words for it. */
function deskPage(load: () => Promise<ComponentType>) {
  return page(async () => (await Promise.all([load(), loadDeskWords()]))[0]);
}

/** For errors that leave no navigation to show. */
const broken = (
  <Center component="main" mih="100dvh" p="md">
    <BrokenPage />
  </Center>
);

export const router = createBrowserRouter([
  {
    path: '/',
    element: <Layout />,
    errorElement: broken,
    hydrateFallbackElement: <ShellSkeleton />,
    children: [
      {
        // Inside the layout: the navigation stays when a page fails.
        errorElement: <BrokenPage />,
        children: [
          { index: true, element: <HomeRedirect /> },
          { path: 'config', element: <HomeRedirect /> },
          {
            path: 'config/email',
            ...page(async () => (await import('../email/email-page.tsx')).EmailPage),
            children: [
              { index: true, element: <HomeRedirect /> },
              { path: 'settings', ...deskPage(async () => (await import('../email/settings-page.tsx')).SettingsPage) },
              { path: 'accounts', ...page(async () => (await import('../email/accounts-page.tsx')).AccountsPage) },
            ],
          },
          {
            path: 'config/email/accounts/:id',
            ...deskPage(async () => (await import('../account/account-page.tsx')).AccountPage),
          },
          {
            path: 'config/answers',
            ...deskPage(async () => (await import('../answers/answers-page.tsx')).AnswersPage),
          },
          { path: 'queues', ...deskPage(async () => (await import('../queues/queues-page.tsx')).QueuesPage) },
          { path: 'queues/:id', ...deskPage(async () => (await import('../queues/queue-page.tsx')).QueuePage) },
          { path: 'mine', ...deskPage(async () => (await import('../queues/my-items-page.tsx')).MyItemsPage) },
          { path: 'items/:id', ...deskPage(async () => (await import('../queues/item-page.tsx')).ItemPage) },
          { path: 'search', ...deskPage(async () => (await import('../search/search-page.tsx')).SearchPage) },
          { path: 'board', ...deskPage(async () => (await import('../board/board-page.tsx')).BoardPage) },
          { path: 'sessions', ...deskPage(async () => (await import('../sessions/sessions-page.tsx')).SessionsPage) },
          { path: 'admin', element: <Navigate replace to="/admin/users" /> },
          { path: 'admin/users', ...deskPage(async () => (await import('../users/users-page.tsx')).UsersPage) },
          { path: 'admin/teams', ...deskPage(async () => (await import('../users/teams-page.tsx')).TeamsPage) },
          {
            path: 'admin/provisioning',
            ...deskPage(async () => (await import('../users/provisioning-page.tsx')).ProvisioningPage),
          },
          { path: 'admin/api-keys', ...deskPage(async () => (await import('../users/api-keys-page.tsx')).ApiKeysPage) },
          { path: 'admin/sign-in', ...deskPage(async () => (await import('../sign-on/sign-on-page.tsx')).SignOnPage) },
          { path: 'admin/audit', ...deskPage(async () => (await import('../audit/audit-page.tsx')).AuditPage) },
          {
            path: 'admin/retention',
            ...deskPage(async () => (await import('../retention/retention-page.tsx')).RetentionPage),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
  { path: '/sign-out', element: <SignOutPage />, errorElement: broken },
]);
