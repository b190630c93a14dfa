import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, Skeleton } from '../../components/states.tsx';

/** Digits stand in columns, and so do the headings above them. */
type Column = string | { number: string };

type Props = {
  caption: string;
  columns: Column[];
  list: Pick<
    UseInfiniteQueryResult,
    'error' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'isPending'
  >;
  empty: string;
  children: ReactNode[] | undefined;
};

/** A list of the API as a table, page by page; the children are its rows. */
export function PagedTable({ caption, columns, list, empty, children }: Props) {
  if (list.isPending) return <Skeleton className="h-96 w-full rounded-3xl" />;
  if (!children) return <Failure error={list.error as Error} retry={() => void list.refetch()} />;
  if (children.length === 0) return <p className="panel p-8 text-center text-muted">{empty}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
      <section className="panel overflow-x-auto px-2 py-2" aria-label={caption} tabIndex={0}>
        <table className="table">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) =>
                typeof column === 'string' ? (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ) : (
                  <th key={column.number} scope="col" className="number">
                    {column.number}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
      {list.hasNextPage && (
        <div className="mt-6 text-center">
          <button
            type="button"
            className="button button-quiet"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
    </>
  );
}
