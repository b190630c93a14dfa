import { type AdminProduct, StockBody } from '@shop/contracts/admin.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { api, bodyOf } from '../../api/client.ts';
import { integer, moment } from '../../components/format.ts';
import { contractResolver } from '../../forms/contract-resolver.ts';
import { useDraft } from '../../forms/draft.ts';
import { FormError, TextField } from '../../forms/field.tsx';
import { NumberField } from '../../forms/number-field.tsx';
import { problemOnForm } from '../../forms/problem-on-form.ts';
import { signedInAs } from '../../session/session-hint.ts';
import { PagedTable } from './paged-table.tsx';
import { adminProductQuery, stockChangesQuery } from './queries.ts';

function ChangeForm({ product }: { product: AdminProduct }) {
  const queries = useQueryClient();
  const form = useForm<StockBody>({
    resolver: contractResolver(StockBody),
    defaultValues: { reason: '' },
  });
  const { control, register, handleSubmit, setError, reset, formState } = form;
  useDraft(`stock ${product.id} ${signedInAs()}`, form);
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async (body) => {
    try {
      const path = { id: product.id };
      const changed = await bodyOf(api.POST('/api/admin/products/{id}/stock', { params: { path }, body }));
      queries.setQueryData(adminProductQuery(product.id).queryKey, changed);
      void queries.invalidateQueries({ queryKey: ['admin-products'] });
      void queries.invalidateQueries({ queryKey: ['product', product.slug] });
      void queries.invalidateQueries({ queryKey: stockChangesQuery(product.id).queryKey });
      reset({ reason: '' });
    } catch (error) {
      problemOnForm(error, setError);
    }
  });
  return (
    <form onSubmit={submit} noValidate className="panel grid gap-4 p-5">
      <FormError>{errors.root?.message}</FormError>
      <NumberField control={control} name="delta" label="Add or take away" hint="For instance 25, or -3." />
      <TextField label="Reason" error={errors.reason} {...register('reason')} />
      <button type="submit" className="button button-quiet" disabled={isSubmitting}>
        {isSubmitting ? 'Changing…' : 'Change the stock'}
      </button>
    </form>
  );
}

/** The stock, and every change that led to it. */
export function StockPanel({ product }: { product: AdminProduct }) {
  const list = useInfiniteQuery(stockChangesQuery(product.id));
  return (
    <section aria-labelledby="stock-title" className="grid gap-5">
      <h2 id="stock-title" className="text-section">
        {integer(product.stock)} in stock
      </h2>
      <ChangeForm product={product} />
      <PagedTable
        caption="Changes of the stock"
        columns={['When', { number: 'Change' }, { number: 'Left' }, 'Reason']}
        list={list}
        empty="No changes yet."
      >
        {list.data?.pages
          .flatMap((page) => page.items)
          .map((change) => (
            <tr key={change.id}>
              <td className="whitespace-nowrap">{moment(change.createdAt)}</td>
              <td className="number">
                {change.delta > 0 && '+'}
                {integer(change.delta)}
              </td>
              <td className="number">{integer(change.stockAfter)}</td>
              <td>
                {change.orderId ? (
                  <Link to="/admin/orders/$id" params={{ id: change.orderId }} className="link">
                    {change.reason}
                  </Link>
                ) : (
                  change.reason
                )}
              </td>
            </tr>
          ))}
      </PagedTable>
    </section>
  );
}
