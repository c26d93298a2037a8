import { Navigate } from 'react-router';
import { useMay } from './session.ts';

/** Redirects to the first page that the person may open. */
export function HomeRedirect() {
  const maySeeAccounts = useMay('accounts.read');
  return <Navigate replace to={maySeeAccounts ? '/config/email/accounts' : '/queues'} />;
}
