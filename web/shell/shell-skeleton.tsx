import { useWords } from './languages.tsx';

/** What index.html shows before the code of the pages runs (its styles are there), for as long as the first answers take. */
export function ShellSkeleton() {
  const { common } = useWords();
  return (
    <div className="boot">
      <div className="boot-navigation" aria-hidden="true">
        Mailroom
      </div>
      <div className="boot-page" role="status" aria-label={common.loading}>
        {[1, 2, 3, 4, 5].map((bar) => (
          <div key={bar} className="boot-bar" />
        ))}
      </div>
    </div>
  );
}
