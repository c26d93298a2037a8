import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { ProblemDetails } from '../api/problem-error.ts';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

/** With more links the user has no real choice. */
const MOST_LINKS = 5;

/** Links to where the user can resolve a refusal. */
export function ProblemLinks({ kind, facts = {} }: Pick<ProblemDetails, 'kind' | 'facts'>) {
  const { settings, accounts } = useWords();
  const maySeeSettings = useMay('settings.read');
  const maySeeAccounts = useMay('accounts.read');
  const links: { readonly to: string; readonly name: string }[] = [];
  if (maySeeSettings && (kind === 'settings-missing' || kind === 'settings-rejected')) {
    links.push({ to: '/config/email/settings', name: settings.title });
  }
  if (maySeeAccounts && typeof facts.accountId === 'string') {
    links.push({ to: `/config/email/accounts/${facts.accountId}`, name: accounts.showAccount });
  }
  if (maySeeAccounts && kind === 'in-use') {
    const addresses = new Set([...listOf(facts.defaultOf), ...listOf(facts.inRulesOf)]);
    for (const address of [...addresses].slice(0, MOST_LINKS)) {
      links.push({ to: `/config/email/accounts?search=${encodeURIComponent(address)}`, name: address });
    }
  }
  return links.map(({ to, name }) => (
    <Anchor key={to} component={Link} to={to} size="sm">
      {name}
    </Anchor>
  ));
}

function listOf(fact: unknown): readonly string[] {
  return Array.isArray(fact) ? fact.filter((entry) => typeof entry === 'string') : [];
}
