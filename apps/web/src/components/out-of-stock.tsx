import type { Problem } from '@shop/contracts/problems.ts';
import { useCartChanges } from '../cart/use-cart.ts';

type Props = { products: NonNullable<Problem['products']>; onResolved: () => void };

/** Names what is short and offers what is left: one click, and the cart can be ordered. */
export function OutOfStock({ products, onResolved }: Props) {
  const { set } = useCartChanges();
  function takeWhatIsLeft(): void {
    for (const { productId, name, available } of products) set({ productId, name }, available);
    onResolved();
  }
  return (
    <section role="alert" className="rounded-3xl bg-danger/10 p-6">
      <h2 className="text-section">Somebody was faster</h2>
      <ul className="mt-3 grid gap-1">
        {products.map(({ productId, name, requested, available }) => (
          <li key={productId}>
            <strong>{name}</strong>: {available === 0 ? 'sold out' : `${available} left`}, you wanted{' '}
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
