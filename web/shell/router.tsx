import { createBrowserRouter } from 'react-router';
import { BrokenPage } from './broken-page.tsx';
import { HomeRedirect } from './home-redirect.tsx';
import { Layout } from './layout.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { SignOutPage } from './sign-out-page.tsx';

/** Every page loads its own code when it is first opened. */
export const router = createBrowserRouter([
  {
    path: '/',
    element: <Layout />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <></>,
    children: [
      { index: true, element: <HomeRedirect /> },
      { path: 'config', element: <HomeRedirect /> },
      {
        path: 'config/email',
        lazy: async () => ({ Component: (await import('../email/email-page.tsx')).EmailPage }),
        children: [
          { index: true, element: <HomeRedirect /> },
          {
            path: 'settings',
            lazy: async () => ({ Component: (await import('../email/settings-page.tsx')).SettingsPage }),
          },
          {
            path: 'accounts',
            lazy: async () => ({ Component: (await import('../email/accounts-page.tsx')).AccountsPage }),
          },
        ],
      },
      {
        path: 'config/email/accounts/:id',
        lazy: async () => ({ Component: (await import('../account/account-page.tsx')).AccountPage }),
      },
      { path: 'queues', lazy: async () => ({ Component: (await import('../queues/queues-page.tsx')).QueuesPage }) },
      { path: 'queues/:id', lazy: async () => ({ Component: (await import('../queues/queue-page.tsx')).QueuePage }) },
      { path: 'items/:id', lazy: async () => ({ Component: (await import('../queues/item-page.tsx')).ItemPage }) },
      { path: 'admin/users', lazy: async () => ({ Component: (await import('../users/users-page.tsx')).UsersPage }) },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
  { path: '/sign-out', element: <SignOutPage />, errorElement: <BrokenPage /> },
]);
