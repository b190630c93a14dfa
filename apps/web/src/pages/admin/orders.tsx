import type { Order } from '@shop/contracts/orders.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { moment, price } from '../../components/format.ts';
import { StatusMark, statusNames } from '../../components/order-status.tsx';
import { PageMeta } from '../../components/page-meta.tsx';
import { FilterField } from './filter-field.tsx';
import { PagedTable } from './paged-table.tsx';
import { adminOrdersQuery } from './queries.ts';

const route = getRouteApi('/admin/orders');
const columns = ['Number', 'Placed', 'Customer', 'Status', { number: 'Total' }];

export function AdminOrdersPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(adminOrdersQuery(filter));
  const change = (next: typeof filter) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  return (
    <>
      <PageMeta title="Orders" />
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-title">Orders</h1>
        <div className="flex flex-wrap gap-3">
          <FilterField label="Number, id or e-mail" value={filter.q} onChange={(q) => change({ q })} />
          <select
            aria-label="Status"
            value={filter.status ?? ''}
            onChange={({ target }) =>
              change({ status: (target.value || undefined) as Order['status'] | undefined })
            }
            className="field w-auto"
          >
            <option value="">Every status</option>
            {Object.entries(statusNames).map(([status, name]) => (
              <option key={status} value={status}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </div>
      <PagedTable caption="Orders" columns={columns} list={list} empty="No order matches.">
        {list.data?.pages
          .flatMap((page) => page.items)
          .map((order) => (
            <tr key={order.id}>
              <td>
                <Link to="/admin/orders/$id" params={{ id: order.id }} className="link">
                  {order.number}
                </Link>
              </td>
              <td className="whitespace-nowrap">{moment(order.placedAt)}</td>
              <td className="max-w-56 truncate xl:max-w-none" title={order.customer.email}>
                {order.customer.email}
              </td>
              <td>
                <StatusMark status={order.status} />
              </td>
              <td className="number">{price(order.totalCents)}</td>
            </tr>
          ))}
      </PagedTable>
    </>
  );
}
