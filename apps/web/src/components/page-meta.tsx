import { useEffect } from 'react';

export const shopName = 'Still';

/** Title and description of a page that has none of its own; as in index.html. */
export const aboutShop =
  'Good things for every day, from a shop that stays open whatever happens behind the counter.';

/** The document's title and description while a page is shown. */
export function PageMeta({ title, description }: { title: string; description?: string }) {
  useEffect(() => {
    document.title = `${title} · ${shopName}`;
    const about = description ?? aboutShop;
    document.querySelector('meta[name="description"]')?.setAttribute('content', about.slice(0, 160));
  }, [title, description]);
  return null;
}
