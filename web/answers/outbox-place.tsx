import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { loadCode } from '../shell/load-code.ts';
import { useMay } from '../shell/session.ts';

const OutboxBar = lazy(async () => ({
  default: (await loadCode(() => import('./outbox-bar.tsx'))).OutboxBar,
}));

/** The place of one's own answers, on every page where mail is worked on; the others do not load what is in it. */
export function OutboxPlace() {
  const { pathname } = useLocation();
  const mayAnswer = useMay('items.answer');
  if (!mayAnswer || /^\/(config|admin)\//.test(pathname)) return null;
  return (
    <Suspense>
      <OutboxBar />
    </Suspense>
  );
}
