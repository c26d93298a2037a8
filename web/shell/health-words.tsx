import type { Schemas } from '../api/client.ts';
import { ServerWords } from '../parts/server-words.tsx';
import { useLanguage } from './languages.tsx';

/** The health of a component, in the reader's language. */
export function HealthWords({ health }: { readonly health: Schemas['ComponentHealth'] }) {
  const { serverWords } = useLanguage();
  const { component, reason, facts, words } = health;
  return serverWords?.health(component, reason, facts) ?? <ServerWords>{words}</ServerWords>;
}
