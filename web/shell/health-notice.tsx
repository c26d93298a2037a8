import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Notice } from '../parts/notice.tsx';
import { healthQuery } from './health-query.ts';
import { HealthWords } from './health-words.tsx';
import { useWords } from './languages.tsx';
import { useMay } from './session.ts';

/**
 * On every page while no mail flows: which component is down, and why. Other notices report a server that does not
 * answer.
 */
export function HealthNotice() {
  const { shell } = useWords();
  const mayConfigure = useMay('settings.read');
  const { data, isError } = useQuery(healthQuery);
  const down = data?.components.filter(({ state }) => state === 'down') ?? [];
  if (isError || down.length === 0) return null;
  return (
    <div className="outage">
      <Notice tone="bad">
        {down.map((health) => (
          <div key={health.component}>
            <strong>{shell.health.components[health.component]}:</strong> <HealthWords health={health} />
            {health.reason === 'settings-refused' && mayConfigure && (
              <>
                {' '}
                <Link to="/config/email/settings">{shell.health.toSettings}</Link>
              </>
            )}
          </div>
        ))}
      </Notice>
    </div>
  );
}
