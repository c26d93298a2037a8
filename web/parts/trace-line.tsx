import type { Schemas } from '../api/client.ts';
import { useWords } from '../shell/languages.tsx';

export type Trace = Pick<NonNullable<Schemas['Account']['condition']>, 'code' | 'status' | 'requestId'>;

/** The ids by which Microsoft and its support find a refusal; empty if there are none. */
export function TraceLine({ trace: { code, status, requestId } }: { readonly trace: Trace }) {
  const { common: words } = useWords();
  const parts = [
    code !== null && code !== String(status) && code,
    status !== null && `HTTP ${status}`,
    requestId !== null && `${words.traceId} ${requestId}`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return null;
  return <span className="trace">{parts.join(' · ')}</span>;
}

/** The ids in the details of an event. */
export function traceOf({ code, status, requestId }: Readonly<Record<string, unknown>>): Trace {
  return {
    code: typeof code === 'string' ? code : null,
    status: typeof status === 'number' ? status : null,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}
