import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { useDeskWords } from '../shell/languages.tsx';

/** Longer lists of addresses are folded, and unfold to this many. */
const NAMED = 5;
const MOST_NAMED = 500;

interface PeopleProps {
  readonly people: readonly Schemas['Correspondent'][];
  /** The number of further ones that were not stored. */
  readonly leftOut?: number | undefined;
}

/** Names and addresses. */
export function People({ people, leftOut = 0 }: PeopleProps) {
  const { item: words, mail } = useDeskWords();
  const [showsAll, setShowsAll] = useState(false);
  const shown = people.slice(0, showsAll ? MOST_NAMED : NAMED);
  const hidden = Math.min(people.length, MOST_NAMED) - shown.length;
  const beyond = Math.max(0, people.length - MOST_NAMED) + leftOut;
  return (
    <>
      <ul className="plain-list">
        {shown.map(({ name, address = '' }, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an address may be listed twice, and the list never changes.
          <li key={position}>
            {name !== undefined && name !== address && (
              <>
                <bdi>{name}</bdi>{' '}
              </>
            )}
            <bdi className={name === undefined || name === address ? undefined : 'dimmed'}>
              <Address>{address}</Address>
            </bdi>
          </li>
        ))}
        {hidden === 0 && beyond > 0 && <li>{words.more(beyond)}</li>}
      </ul>
      {people.length > NAMED && (
        <Anchor component="button" type="button" size="sm" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? mail.showFewer : mail.showAll(hidden + beyond)}
        </Anchor>
      )}
    </>
  );
}
