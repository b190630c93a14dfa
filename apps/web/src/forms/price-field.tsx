import { useState } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { TextField } from './field.tsx';
import { typedNumber } from './typed-number.ts';

const inCents = (euros: number | undefined) => (euros === undefined ? undefined : Math.round(euros * 100));

/** Euros for whoever types, whole cents for the form. */
export function PriceField<T extends FieldValues>({ control, name }: { control: Control<T>; name: Path<T> }) {
  const { field, fieldState } = useController({ control, name });
  const [text, setText] = useState(field.value === undefined ? '' : (Number(field.value) / 100).toFixed(2));
  return (
    <TextField
      label="Price in euros"
      inputMode="decimal"
      error={fieldState.error}
      ref={field.ref}
      value={text}
      onBlur={field.onBlur}
      onChange={({ target }) => {
        setText(target.value);
        field.onChange(inCents(typedNumber(target.value)));
      }}
    />
  );
}
