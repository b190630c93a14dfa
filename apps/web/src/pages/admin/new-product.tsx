import { NewProductBody } from '@shop/contracts/admin.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { api, bodyOf, isProblem } from '../../api/client.ts';
import { PageMeta } from '../../components/page-meta.tsx';
import { contractResolver } from '../../forms/contract-resolver.ts';
import { useDraft } from '../../forms/draft.ts';
import { FormError } from '../../forms/field.tsx';
import { NumberField, PriceField } from '../../forms/number-field.tsx';
import { problemOnForm } from '../../forms/problem-on-form.ts';
import { signedInAs } from '../../session/session-hint.ts';
import { notify } from '../../shell/notify.ts';
import { PictureField } from '../../uploads/picture-field.tsx';
import { useUpload } from '../../uploads/use-upload.ts';
import { ProductFields } from './product-fields.tsx';
import { adminProductQuery } from './queries.ts';

export function AdminNewProductPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const upload = useUpload('product');
  const form = useForm<NewProductBody>({
    resolver: contractResolver(NewProductBody),
    defaultValues: { name: '', slug: '', description: '', category: '' },
  });
  const { control, register, handleSubmit, setError, formState } = form;
  const dropDraft = useDraft(`new product ${signedInAs()}`, form);
  const { errors, isSubmitting } = formState;
  const { state } = upload;
  const uploading = state.phase === 'sending' || state.phase === 'processing';

  const submit = handleSubmit(async (values) => {
    const body = state.phase === 'ready' ? { ...values, uploadId: state.upload.id } : values;
    try {
      const product = await bodyOf(api.POST('/api/admin/products', { body }));
      queries.setQueryData(adminProductQuery(product.id).queryKey, product);
      void queries.invalidateQueries({ queryKey: ['admin-products'] });
      void queries.invalidateQueries({ queryKey: ['products'] });
      notify({ title: `${product.name} is on sale` });
      dropDraft();
      await navigate({ to: '/admin/products/$id', params: { id: product.id } });
    } catch (error) {
      if (isProblem(error, 'slug-taken')) setError('slug', { message: 'Another product has this slug.' });
      else problemOnForm(error, setError);
    }
  });

  return (
    <div className="max-w-2xl">
      <PageMeta title="New product" />
      <h1 className="text-title">New product</h1>
      <form onSubmit={submit} noValidate className="mt-8 grid gap-5">
        <FormError>{errors.root?.message}</FormError>
        <ProductFields register={register} errors={errors} />
        <PriceField control={control} name="priceCents" />
        <NumberField control={control} name="stock" label="Pieces in stock" />
        <PictureField label="Picture" upload={upload} />
        <button type="submit" className="button mt-2" disabled={isSubmitting || uploading}>
          {isSubmitting ? 'Saving…' : 'Put it on sale'}
        </button>
      </form>
    </div>
  );
}
