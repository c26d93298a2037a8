import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { ProblemWords } from '../parts/problem-words.tsx';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import type { Tone } from '../parts/tone.ts';
import { healthQuery } from './health-query.ts';
import { HealthWords } from './health-words.tsx';
import { useWords } from './languages.tsx';

type Health = Schemas['Health'];

const tones: Readonly<Record<Schemas['HealthState'], Tone>> = {
  up: 'good',
  impaired: 'warn',
  down: 'bad',
  unknown: 'idle',
};

/** Overall health in a word: by the last answer, or *down* when no answer arrives. */
function useHealthLight(): { readonly tone: Tone; readonly word: string } {
  const { shell } = useWords();
  const { data, isError } = useQuery(healthQuery);
  if (isError) return { tone: 'bad', word: shell.health.states.down };
  if (data === undefined) return { tone: 'idle', word: shell.health.states.unknown };
  return { tone: tones[data.state], word: shell.health.states[data.state] };
}

/** A status light for Mailroom and its dependencies; opens to show each of them in words. */
export function HealthLight() {
  const { shell } = useWords();
  const { data, error, isError } = useQuery(healthQuery);
  const { tone, word } = useHealthLight();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section aria-label={shell.health.title}>
      <details className="health" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary aria-label={`${shell.health.title}: ${word}`}>
          <StatusLabel tone={tone}>{word}</StatusLabel>
        </summary>
        {isOpen && isError && (
          <p>
            <ProblemWords error={error} />
          </p>
        )}
        {isOpen && !isError && data && <Components components={data.components} />}
      </details>
    </section>
  );
}

function Components({ components }: Pick<Health, 'components'>) {
  const { shell } = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard.
    <ul tabIndex={0}>
      {components.map((health) => (
        <li key={health.component}>
          <StatusLabel tone={tones[health.state]}>
            {shell.health.components[health.component]}: {shell.health.states[health.state]}
          </StatusLabel>
          <p>
            <HealthWords health={health} /> {health.state !== 'up' && <Since time={health.since} />}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** On narrow windows, where the navigation is folded: the light alone, unless all is well. */
export function HeaderLight({ onOpen }: { readonly onOpen: () => void }) {
  const { tone, word } = useHealthLight();
  if (tone === 'good' || tone === 'idle') return null;
  return (
    <button type="button" className="health-in-header" onClick={onOpen}>
      <StatusLabel tone={tone}>{word}</StatusLabel>
    </button>
  );
}
