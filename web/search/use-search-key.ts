import { useHotkeys } from '@mantine/hooks';
import { useNavigate } from 'react-router';

/** `/` opens the search, but in a field it is a letter. */
export function useSearchKey(): void {
  const navigate = useNavigate();
  useHotkeys([['/', () => void navigate('/search')]]);
}
