import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { isProblem } from '../api/client.ts';
import { PageMeta } from './page-meta.tsx';

/** Shown when a page has nothing to list; `Heading` is `h1` where this is the whole page. */
export function Empty({
  title,
  heading: Heading = 'h2',
  children,
  action,
}: {
  title: string;
  heading?: 'h1' | 'h2';
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-20 text-center">
      <Heading className="text-section">{title}</Heading>
      {children && <p className="text-muted text-pretty">{children}</p>}
      {action ?? (
        <Link to="/" className="button">
          Look around
        </Link>
      )}
    </div>
  );
}

/** Shown when a page's data did not come after all tries. */
export function Failure({ error, retry }: { error: Error; retry: () => void }) {
  if (isProblem(error, 'not-found')) return <NotFound />;
  return (
    <Empty
      title="We could not get this right now"
      action={
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      }
    >
      {isProblem(error) ? error.message : 'The shop did not answer. Nothing of yours is lost.'}
    </Empty>
  );
}

/** Shown while the whole page is loaded again because a part of it could not be loaded; this component starts that. */
export function LoadAnew({ start }: { start: () => void }) {
  useEffect(start, [start]);
  return (
    <Empty
      title="One moment"
      action={
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      }
    >
      There is a newer version of this page. It loads by itself.
    </Empty>
  );
}

export function NotFound() {
  return (
    <div className="page">
      <PageMeta title="There is nothing here" />
      <Empty title="There is nothing here" heading="h1">
        The address may be mistyped, or what was here is no longer sold.
      </Empty>
    </div>
  );
}

/** A grey placeholder for a line or a picture that is still loading. */
export const Skeleton = ({ className }: { className: string }) => (
  <div aria-hidden className={`skeleton ${className}`} />
);

/** Placeholder for a page that is drawn only when all of its data is there. */
export const PageOutline = () => (
  <div className="page pt-10">
    <Skeleton className="h-12 w-72 max-w-full" />
    <Skeleton className="mt-8 h-[80dvh] w-full rounded-3xl" />
  </div>
);
