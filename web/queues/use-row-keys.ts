import { useDeskWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';

const rows = () => [...document.querySelectorAll<HTMLElement>('main a.row-link')];

/** Moves the focus between the rows of a page's lists by j and k; o opens one, as Enter does. */
export function useRowKeys(): void {
  const { work } = useDeskWords();
  const go = (steps: number) => {
    const all = rows();
    const current = all.findIndex((row) => row.contains(document.activeElement));
    const next = current < 0 ? 0 : Math.min(Math.max(current + steps, 0), all.length - 1);
    all[next]?.focus();
  };
  useShortcuts([
    { key: 'j', label: work.keys.down, run: () => go(1) },
    { key: 'k', label: work.keys.up, run: () => go(-1) },
    {
      key: 'o',
      label: work.keys.open,
      run: () =>
        rows()
          .find((row) => row === document.activeElement)
          ?.click(),
    },
  ]);
}
