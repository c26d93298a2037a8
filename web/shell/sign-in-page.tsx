import { Button } from '@mantine/core';
import { useLocation } from 'react-router';
import { Notice } from '../parts/notice.tsx';
import { FrontPage } from './front-page.tsx';
import { useWords } from './languages.tsx';
import { pageFacts } from './page-facts.ts';
import { useSessionElsewhere } from './session-elsewhere.ts';

/** One button, which returns to the address at which it is shown. */
export function SignInPage({ ended }: { readonly ended: boolean }) {
  const { signIn } = useWords();
  const { pathname, search } = useLocation();
  useSessionElsewhere();
  return (
    <FrontPage title={ended ? signIn.ended : signIn.title} what={ended ? signIn.endedWhat : signIn.what} urgent={ended}>
      <SignInButton returnTo={pathname + search} />
    </FrontPage>
  );
}

/** The link to the identity provider; `returnTo`: where the sign-in ends. */
export function SignInButton({ returnTo }: { readonly returnTo: string }) {
  const { signIn } = useWords();
  if (!pageFacts.canSignIn) return <Notice tone="warn">{signIn.noProvider}</Notice>;
  return (
    <Button component="a" href={`/auth/sign-in?returnTo=${encodeURIComponent(returnTo)}`} size="md" data-autofocus>
      {signIn.button}
    </Button>
  );
}
