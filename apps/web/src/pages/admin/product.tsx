import { type AdminProduct, ProductPatchBody } from '@shop/contracts/admin.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { Type } from 'typebox';
import { api, bodyOf, isProblem } from '../../api/client.ts';
import { PageMeta } from '../../components/page-meta.tsx';
import { Picture, smallPicture } from '../../components/picture.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { contractResolver } from '../../forms/contract-resolver.ts';
import { useDraft } from '../../forms/draft.ts';
import { FormError } from '../../forms/field.tsx';
import { PriceField } from '../../forms/number-field.tsx';
import { problemOnForm } from '../../forms/problem-on-form.ts';
import { signedInAs } from '../../session/session-hint.ts';
import { notify } from '../../shell/notify.ts';
import { PictureField } from '../../uploads/picture-field.tsx';
import { useUpload } from '../../uploads/use-upload.ts';
import { PriceHistory } from './price-history.tsx';
import { ProductFields } from './product-fields.tsx';
import { adminProductQuery } from './queries.ts';
import { StockPanel } from './stock-panel.tsx';

const route = getRouteApi('/admin/products/$id');

/** The API does not change fields that a call leaves out. The form shows every field, so an empty one is an error. */
const resolver = contractResolver(Type.Required(Type.Omit(ProductPatchBody, ['uploadId'])));

function EditForm({ product }: { product: AdminProduct }) {
  const queries = useQueryClient();
  const upload = useUpload('product');
  const { slug, name, description, category, priceCents, active } = product;
  const form = useForm({
    resolver,
    defaultValues: { slug, name, description, category, priceCents, active },
  });
  const { control, register, handleSubmit, setError, reset, formState } = form;
  useDraft(`product ${product.id} ${signedInAs()}`, form);
  const { errors, isSubmitting } = formState;
  const { state } = upload;
  const uploading = state.phase === 'sending' || state.phase === 'processing';

  const submit = handleSubmit(async (values) => {
    const body = state.phase === 'ready' ? { ...values, uploadId: state.upload.id } : values;
    try {
      const changed = await bodyOf(
        api.PATCH('/api/admin/products/{id}', { params: { path: { id: product.id } }, body }),
      );
      queries.setQueryData(adminProductQuery(product.id).queryKey, changed);
      for (const key of ['admin-products', 'admin-price-changes', 'products', 'product', 'categories']) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      upload.cancel();
      reset(values);
      notify({ title: 'Saved' });
    } catch (error) {
      if (isProblem(error, 'slug-taken')) setError('slug', { message: 'Another product has this slug.' });
      else problemOnForm(error, setError);
    }
  });

  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <FormError>{errors.root?.message}</FormError>
      <ProductFields register={register} errors={errors} />
      <PriceField control={control} name="priceCents" />
      <label className="flex min-h-11 items-center gap-3 font-semibold">
        <input type="checkbox" className="size-5 accent-accent" {...register('active')} />
        On sale
      </label>
      <PictureField label="Another picture" upload={upload} />
      <button type="submit" className="button" disabled={isSubmitting || uploading}>
        {isSubmitting ? 'Saving…' : 'Save'}
      </button>
    </form>
  );
}

export function AdminProductPage() {
  const { id } = route.useParams();
  // A new answer of the API must not change the form while an admin edits it.
  const {
    data: product,
    error,
    refetch,
  } = useQuery({
    ...adminProductQuery(id),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error && !product) return <Failure error={error} retry={() => void refetch()} />;
  if (!product) return <Skeleton className="h-96 w-full rounded-3xl" />;
  return (
    <>
      <PageMeta title={product.name} />
      <div className="mb-8 flex flex-wrap items-center gap-5">
        <Picture src={smallPicture(product.imageUrl)} alt="" className="size-20 rounded-2xl" />
        <div>
          <h1 className="text-title">{product.name}</h1>
          {product.active ? (
            <Link to="/product/$slug" params={{ slug: product.slug }} className="link">
              See it in the shop
            </Link>
          ) : (
            <p className="text-danger">Not for sale: only administrators can see it.</p>
          )}
        </div>
      </div>
      <div className="grid items-start gap-10 lg:grid-cols-2">
        <EditForm key={product.id} product={product} />
        <div className="grid gap-12">
          <StockPanel product={product} />
          <PriceHistory id={product.id} />
        </div>
      </div>
    </>
  );
}
