import type { NewProductBody } from '@shop/contracts/admin.ts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { FieldErrors, UseFormRegister } from 'react-hook-form';
import { categoriesQuery } from '../../api/queries.ts';
import { TextArea, TextField } from '../../forms/field.tsx';

/** The fields that the forms of a new and of an existing product share. */
export type ProductValues = Pick<NewProductBody, 'slug' | 'name' | 'description' | 'category' | 'priceCents'>;

type Props = {
  // The two forms have more fields than these.
  // biome-ignore lint/suspicious/noExplicitAny: `register` of a wider form is not assignable to a narrower one
  register: UseFormRegister<any>;
  errors: FieldErrors<ProductValues>;
};

export function ProductFields({ register, errors }: Props) {
  const { data: categories } = useQuery(categoriesQuery);
  const id = useId();
  return (
    <>
      <TextField label="Name" error={errors.name} {...register('name')} />
      <TextField
        label="Slug"
        hint="Its address: small letters, digits and hyphens."
        error={errors.slug}
        {...register('slug')}
      />
      <TextArea label="Description" error={errors.description} {...register('description')} />
      <div>
        <label htmlFor={id} className="mb-1.5 block font-semibold">
          Category
        </label>
        {/* Anew when the categories come: a select cannot show a value that it has no option for yet. */}
        <select key={categories?.items.length} id={id} className="field" {...register('category')}>
          <option value="">Choose one</option>
          {categories?.items.map((category) => (
            <option key={category.id} value={category.id}>
              {category.name}
            </option>
          ))}
        </select>
        {errors.category && <p className="mt-1.5 text-sm text-danger">{errors.category.message}</p>}
      </div>
    </>
  );
}
