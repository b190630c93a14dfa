import type { Product } from '@shop/contracts/catalog.ts';
import { CreateReviewBody } from '@shop/contracts/reviews.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useController, useForm } from 'react-hook-form';
import { api, bodyOf, isProblem } from '../api/client.ts';
import { productQuery, reviewsQuery } from '../api/queries.ts';
import { contractResolver } from '../forms/contract-resolver.ts';
import { useDraft } from '../forms/draft.ts';
import { FormError, TextArea } from '../forms/field.tsx';
import { problemOnForm } from '../forms/problem-on-form.ts';
import { notify } from '../shell/notify.ts';
import { PictureField } from '../uploads/picture-field.tsx';
import { useUpload } from '../uploads/use-upload.ts';

const ratings = [1, 2, 3, 4, 5];

type Props = {
  product: Product;
  /** The name of the draft: see `useDraft`. */
  draft: string;
  onDone: () => void;
};

export default function ReviewForm({ product, draft, onDone }: Props) {
  const queries = useQueryClient();
  const upload = useUpload('review');
  const form = useForm<CreateReviewBody>({
    resolver: contractResolver(CreateReviewBody),
    defaultValues: { text: '' },
  });
  const { control, register, handleSubmit, setError, formState } = form;
  const dropDraft = useDraft(draft, form);
  const { errors, isSubmitting } = formState;
  // A radio button's own value is text, and the contract wants a number.
  const { field: chosen } = useController({ control, name: 'rating' });
  const { state } = upload;
  const uploading = state.phase === 'sending' || state.phase === 'processing';

  function close(): void {
    dropDraft();
    onDone();
  }

  const submit = handleSubmit(async (values) => {
    const body = state.phase === 'ready' ? { ...values, uploadId: state.upload.id } : values;
    try {
      await bodyOf(api.POST('/api/products/{id}/reviews', { params: { path: { id: product.id } }, body }));
    } catch (error) {
      if (isProblem(error, 'not-a-buyer')) {
        return setError('root', {
          message: 'You can review it once you have bought it and the payment is through.',
        });
      }
      return problemOnForm(error, setError);
    }
    void queries.invalidateQueries({ queryKey: reviewsQuery(product.id).queryKey });
    void queries.invalidateQueries({ queryKey: productQuery(product.slug).queryKey });
    notify({ title: 'Thank you for your review' });
    close();
  });

  return (
    <form onSubmit={submit} noValidate className="panel mt-6 grid max-w-2xl gap-6 p-6">
      <FormError>{errors.root?.message}</FormError>
      <fieldset>
        <legend className="mb-1.5 font-semibold">Your rating</legend>
        <div className="flex gap-1">
          {ratings.map((rating) => (
            <label
              key={rating}
              className={`grid size-11 cursor-pointer place-items-center rounded-full text-2xl hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent ${
                rating <= (chosen.value ?? 0) ? 'text-star' : 'text-line'
              }`}
            >
              <input
                type="radio"
                name="rating"
                ref={rating === 1 ? chosen.ref : undefined}
                checked={chosen.value === rating}
                onChange={() => chosen.onChange(rating)}
                className="sr-only"
                aria-label={`${rating} of 5`}
              />
              <span aria-hidden>★</span>
            </label>
          ))}
        </div>
        {errors.rating && <p className="mt-1.5 text-sm text-danger">Please choose one.</p>}
      </fieldset>
      <TextArea label="Your words" error={errors.text} maxLength={2000} {...register('text')} />
      <PictureField label="A photo, if you like" upload={upload} />
      <div className="flex gap-3">
        <button type="submit" className="button" disabled={isSubmitting || uploading}>
          {isSubmitting ? 'Sending…' : 'Send the review'}
        </button>
        <button type="button" className="button button-quiet" onClick={close}>
          Never mind
        </button>
      </div>
    </form>
  );
}
