import { useWords } from './languages.tsx';

/** What index.html shows before the code of the pages runs (with its styles), until the first answers arrive. */
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
