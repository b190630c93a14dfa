import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { integer, price } from '../../components/format.ts';
import { PageMeta } from '../../components/page-meta.tsx';
import { Picture, smallPicture } from '../../components/picture.tsx';
import { FilterField } from './filter-field.tsx';
import { PagedTable } from './paged-table.tsx';
import { type AdminProductFilter, adminProductsQuery } from './queries.ts';

const route = getRouteApi('/admin/products');
const columns = ['Picture', 'Name', 'Category', { number: 'Price' }, { number: 'Stock' }, 'Status'];

export function AdminProductsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(adminProductsQuery(filter));
  const change = (next: AdminProductFilter) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  return (
    <>
      <PageMeta title="Products" />
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-title">Products</h1>
        <div className="flex flex-wrap gap-3">
          <FilterField label="Name, slug or id" value={filter.q} onChange={(q) => change({ q })} />
          <select
            aria-label="Status"
            value={filter.status ?? ''}
            onChange={({ target }) =>
              change({ status: (target.value || undefined) as AdminProductFilter['status'] })
            }
            className="field w-auto"
          >
            <option value="">For sale or not</option>
            <option value="active">For sale</option>
            <option value="inactive">Not for sale</option>
          </select>
          <Link to="/admin/products/new" className="button">
            New product
          </Link>
        </div>
      </div>
      <PagedTable caption="Products" columns={columns} list={list} empty="No product matches.">
        {list.data?.pages
          .flatMap((page) => page.items)
          .map((product) => (
            <tr key={product.id}>
              <td className="w-16">
                <Picture src={smallPicture(product.imageUrl)} alt="" className="size-11 rounded-lg" />
              </td>
              <td>
                <Link to="/admin/products/$id" params={{ id: product.id }} className="link">
                  {product.name}
                </Link>
              </td>
              <td className="text-muted">{product.category}</td>
              <td className="number">{price(product.priceCents)}</td>
              <td className={`number ${product.stock === 0 ? 'text-danger' : ''}`}>
                {integer(product.stock)}
              </td>
              <td className={product.active ? '' : 'text-danger'}>
                {product.active ? 'For sale' : 'Not for sale'}
              </td>
            </tr>
          ))}
      </PagedTable>
    </>
  );
}
