import { useInfiniteQuery } from '@tanstack/react-query';
import { moment, price } from '../../components/format.ts';
import { PagedTable } from './paged-table.tsx';
import { priceChangesQuery } from './queries.ts';

/** The earlier prices of a product, and which admin changed each. */
export function PriceHistory({ id }: { id: string }) {
  const list = useInfiniteQuery(priceChangesQuery(id));
  return (
    <section aria-labelledby="prices-title" className="grid gap-5">
      <h2 id="prices-title" className="text-section">
        Price history
      </h2>
      <PagedTable
        caption="Changes of the price"
        columns={['When', { number: 'Before' }, { number: 'After' }, 'By']}
        list={list}
        empty="It has always cost the same."
      >
        {list.data?.pages
          .flatMap((page) => page.items)
          .map((change) => (
            <tr key={change.id}>
              <td className="whitespace-nowrap">{moment(change.createdAt)}</td>
              <td className="number">{price(change.beforeCents)}</td>
              <td className="number">{price(change.afterCents)}</td>
              <td>{change.changedBy}</td>
            </tr>
          ))}
      </PagedTable>
    </section>
  );
}
