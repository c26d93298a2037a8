import { Button, Center, Group, Loader } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { dropStoredDrafts } from '../account/stored-draft.ts';
import { dropCopies } from '../answers/stored-copy.ts';
import { api, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { FrontPage } from './front-page.tsx';
import { useWords } from './languages.tsx';
import { pageFacts } from './page-facts.ts';
import { ME } from './session.ts';
import { SignInButton } from './sign-in-page.tsx';

/** State of the button's link, which proves a click; a link from elsewhere only opens the page. */
export const ASKED_TO_SIGN_OUT = { asked: true } as const;

/**
 * Ends the session. Outside the layout: no other part of a page is shown, so no request is refused because the session
 * has ended; unsaved changes were asked about on the way.
 */
export function SignOutPage() {
  const { shell, signOut: words, common } = useWords();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const asked = useRef((useLocation().state as Partial<typeof ASKED_TO_SIGN_OUT> | null)?.asked === true);
  const { mutate, isIdle, error } = useMutation({
    mutationFn: endSession,
    onSuccess: (signOutUrl) => {
      queryClient.clear();
      dropStoredDrafts();
      dropCopies();
      if (signOutUrl !== null) return location.replace(signOutUrl);
      queryClient.setQueryData(ME, null);
      return navigate('/', { replace: true });
    },
  });
  useEffect(() => {
    if (asked.current) mutate();
    asked.current = false;
  }, [mutate]);
  if (!pageFacts.wasSignedIn) {
    return (
      <FrontPage title={words.nobody}>
        <SignInButton returnTo="/" />
      </FrontPage>
    );
  }
  return (
    <FrontPage title={isIdle ? words.title : error ? words.failed : words.underWay}>
      {error && <ProblemNotice error={error} onRetry={mutate} />}
      {isIdle || error ? (
        <Group gap="xs" justify="end">
          <Button variant="default" component={Link} to="/">
            {isIdle ? common.cancel : common.toStart}
          </Button>
          {isIdle && <Button onClick={() => mutate()}>{shell.signOut}</Button>}
        </Group>
      ) : (
        <Center>
          <Loader aria-hidden />
        </Center>
      )}
    </FrontPage>
  );
}

/** The identity provider's sign-out address; null when it has none, or the session is gone. */
async function endSession(): Promise<string | null> {
  try {
    // The answer for clients that accept JSON; browsers that submit the form get a page.
    const { signOutUrl } = (await take(api.POST('/auth/sign-out'))) as { signOutUrl: string | null };
    return signOutUrl;
  } catch (error) {
    if (error instanceof ProblemError && error.details.status === 401) return null;
    throw error;
  }
}
