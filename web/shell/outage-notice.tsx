import { Notice } from '../parts/notice.tsx';
import { useWords } from './languages.tsx';
import { useOutage } from './outage.ts';

/** Says that what is shown may be out of date, as long as Mailroom does not answer. */
export function OutageNotice() {
  const { common } = useWords();
  const outage = useOutage();
  return (
    <div className="outage" role="alert">
      {outage !== undefined && (
        <Notice tone="bad">
          {common[outage]} {common.stale}
        </Notice>
      )}
    </div>
  );
}
