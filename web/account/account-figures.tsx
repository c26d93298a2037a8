import type { ReactNode } from 'react';
import type { Schemas } from '../api/client.ts';
import { Since } from '../parts/since.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** The numbers that show at a glance whether the account is well. */
export function AccountFigures({ account }: { readonly account: Schemas['Account'] }) {
  const { account: words } = useDeskWords();
  const { locale } = useWords();
  const { currentAt, waitingItems, capturedToday, quarantined } = account;
  return (
    <dl className="figures panel">
      <Figure name={words.proved}>
        <Since time={currentAt} />
      </Figure>
      <Figure name={words.waiting}>{waitingItems.toLocaleString(locale)}</Figure>
      <Figure name={words.today}>{capturedToday.toLocaleString(locale)}</Figure>
      <Figure name={words.quarantine} isBad={quarantined > 0}>
        {quarantined.toLocaleString(locale)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Figure({ name, isBad = false, children }: FigureProps) {
  return (
    <div className="figure" data-bad={isBad}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
