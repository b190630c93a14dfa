import type { Link } from './use-snapshots.ts';

const words: Record<Link, string> = {
  waiting: 'Connecting',
  live: 'Live',
  stale: 'No news: what you see is old',
  ended: 'Ended: open the new link of the terminal',
};

/** Whether what the page shows is of this second, and what could not be asked. */
export function LinkState({ link, trouble }: { link: Link; trouble: string | undefined }) {
  return (
    <div role="status" className="ml-auto flex flex-wrap items-center justify-end gap-x-4 text-sm">
      {trouble && <p className="text-danger">{trouble}</p>}
      <p className="link-state" data-link={link}>
        {words[link]}
      </p>
    </div>
  );
}
