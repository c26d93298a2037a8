import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { nameRequest } from '../api/request-name.ts';
import { useDeskWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { ANSWERS, type Answer } from './answers-query.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import { tagOf } from './save-draft.ts';

/** What happens with the item when its answer is sent. */
export type SendingWay = 'send' | 'complete' | 'next';

const confirmations = ['automatic-mail', 'answered-meanwhile', 'no-attachment', 'many-answers'] as const;
type Confirmation = (typeof confirmations)[number];

interface Sending {
  readonly way: SendingWay;
  readonly confirmed: readonly Confirmation[];
}

/** The text could not be saved, so nothing was sent. */
class NotSaved extends Error {}

/** Sends a draft once it is saved. What has to be confirmed is in `doubts`, until `confirm` or `withdraw`. */
export function useSend(
  item: Schemas['ItemWithMessage'],
  draftId: string,
  keeper: DraftKeeper,
  onSent: (answer: Answer, way: SendingWay) => void,
) {
  const { answers: words } = useDeskWords();
  const queryClient = useQueryClient();
  const [doubted, setDoubted] = useState<Sending>();
  // Kept until an answer arrives: pressed again after a lost one, the same request is repeated.
  const name = useRef(nameRequest());
  const request = useMutation({
    mutationFn: async ({ way, confirmed }: Sending) => {
      if (!(await keeper.flush())) throw new NotSaved();
      const { requestId = '' } = name.current;
      const params = {
        path: { id: draftId },
        header: { 'if-match': tagOf(keeper.state().saved.version), ...(requestId && { 'idempotency-key': requestId }) },
      };
      const body = { completeItem: way !== 'send', seenThrough: item.newestMail, confirmed: [...confirmed] };
      return await take(api.POST('/api/v1/drafts/{id}/send', { params, body }));
    },
    onSuccess: (answer, { way }) => {
      name.current = nameRequest();
      void queryClient.invalidateQueries({ queryKey: ANSWERS });
      onSent(answer, way);
    },
    onError: (error, { way, confirmed }) => {
      void readAgain(queryClient, error, ['item', item.id], ['conversation', item.id]);
      if (!(error instanceof ProblemError) || error.details.isOutcomeUnknown !== true) name.current = nameRequest();
      const needed = neededOf(error);
      if (needed.length > 0) setDoubted({ way, confirmed: [...confirmed, ...needed] });
    },
  });
  const needed = neededOf(request.error);
  return {
    request: needed.length > 0 || request.error instanceof NotSaved ? { ...request, error: null } : request,
    isUnsaved: request.error instanceof NotSaved,
    send: (way: SendingWay) => request.mutate({ way, confirmed: [] }),
    doubts: doubted && needed.map((confirmation) => words.confirmations[confirmation]),
    confirm: () => {
      setDoubted(undefined);
      if (doubted) request.mutate(doubted);
    },
    withdraw: () => {
      setDoubted(undefined);
      request.reset();
    },
  };
}

function neededOf(error: unknown): readonly Confirmation[] {
  const needed = error instanceof ProblemError ? error.details.facts?.needed : undefined;
  return Array.isArray(needed) ? confirmations.filter((confirmation) => needed.includes(confirmation)) : [];
}
