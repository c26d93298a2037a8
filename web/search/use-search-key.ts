import { useNavigate } from 'react-router';
import { useWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';

/** `/` opens the search, but in a field it is a letter. */
export function useSearchKey(): void {
  const navigate = useNavigate();
  useShortcuts([{ key: '/', label: useWords().shell.search, run: () => void navigate('/search') }]);
}
