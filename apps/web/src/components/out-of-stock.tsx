import type { Problem } from '@shop/contracts/problems.ts';
import { useQuery } from '@tanstack/react-query';
import { isProblem } from '../api/client.ts';
import { productQuery } from '../api/queries.ts';
import { useCartChanges } from '../cart/use-cart.ts';
import { integer } from './format.ts';

type Props = { products: NonNullable<Problem['products']>; onResolved: () => void };

/** The refusal says how many there are, and not whether the product is still sold. */
function WhatIsLeft({ productId, available }: { productId: string; available: number }) {
  const { error } = useQuery({ ...productQuery(productId), enabled: available === 0 });
  if (available > 0) return `${integer(available)} left`;
  return isProblem(error, 'not-found') ? 'no longer sold' : 'sold out';
}

/** Names the products that are short and offers the rest: one click changes the cart, and it can be ordered. */
export function OutOfStock({ products, onResolved }: Props) {
  const { set } = useCartChanges();
  function takeWhatIsLeft(): void {
    for (const { productId, name, available } of products) set({ productId, name }, available);
    onResolved();
  }
  return (
    <section role="alert" className="rounded-3xl bg-danger/10 p-6">
      <h2 className="text-section">Another shopper was faster</h2>
      <ul className="mt-3 grid gap-1">
        {products.map(({ productId, name, requested, available }) => (
          <li key={productId}>
            <strong>{name}</strong>: <WhatIsLeft productId={productId} available={available} />, you wanted{' '}
            {requested}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted">Nothing was ordered.</p>
      <button type="button" className="button mt-4" onClick={takeWhatIsLeft}>
        Take what is left
      </button>
    </section>
  );
}
