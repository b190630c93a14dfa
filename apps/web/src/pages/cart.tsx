import type { CartLine } from '@shop/contracts/cart.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../api/client.ts';
import { productQuery } from '../api/queries.ts';
import { useCart } from '../cart/use-cart.ts';
import { count, integer, price } from '../components/format.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { Picture, smallPicture } from '../components/picture.tsx';
import { QuantityField } from '../components/quantity.tsx';
import { Empty, Failure, Skeleton } from '../components/states.tsx';

/** Says why a line cannot be bought now. The cart says only that it cannot. */
function Unavailable({ slug }: Pick<CartLine, 'slug'>) {
  const { data: product, error } = useQuery(productQuery(slug));
  const reason = isProblem(error, 'not-found')
    ? 'This is no longer sold. Please remove it.'
    : product?.stock === 0
      ? 'Sold out for now. Please remove it, or come back later.'
      : product
        ? `There ${product.stock === 1 ? 'is' : 'are'} only ${integer(product.stock)} left. Take fewer, or remove it.`
        : '';
  return <p className="mt-1 min-h-5 text-sm text-danger">{reason}</p>;
}

type LineProps = { line: CartLine } & Pick<ReturnType<typeof useCart>, 'set' | 'add' | 'remove'>;

function Line({ line, set, add, remove }: LineProps) {
  const [before, setBefore] = useState<number>();
  function change(quantity: number, undone: number | undefined): void {
    set(line, quantity);
    setBefore(undone);
  }
  return (
    <li className="grid grid-cols-[5.5rem_1fr] gap-x-5 py-6 sm:grid-cols-[7rem_1fr_auto]">
      <Link to="/product/$slug" params={{ slug: line.slug }} tabIndex={-1} aria-hidden className="row-span-2">
        <Picture src={smallPicture(line.imageUrl)} alt="" className="w-full rounded-2xl" />
      </Link>
      <div>
        <Link to="/product/$slug" params={{ slug: line.slug }} className="font-semibold hover:text-accent">
          {line.name}
        </Link>
        <p className="text-muted tabular-nums">{price(line.priceCents)} each</p>
        {!line.available && <Unavailable slug={line.slug} />}
      </div>
      <p className="col-start-2 font-semibold tabular-nums sm:col-start-3 sm:text-right">
        {price(line.lineTotalCents)}
      </p>
      <div className="col-start-2 mt-2 flex flex-wrap items-center gap-4">
        <QuantityField
          value={line.quantity}
          name={line.name}
          onChange={(quantity) => change(quantity, line.quantity)}
          onOneMore={() => {
            add(line, 1, false);
            setBefore(line.quantity);
          }}
        />
        <button type="button" className="link min-h-11 text-sm" onClick={() => remove(line)}>
          Remove<span className="sr-only"> {line.name}</span>
        </button>
        {before !== undefined && before !== line.quantity && (
          <button type="button" className="link min-h-11 text-sm" onClick={() => change(before, undefined)}>
            Back to {before}
            <span className="sr-only"> of {line.name}</span>
          </button>
        )}
      </div>
    </li>
  );
}

export function CartPage() {
  const { cart, set, add, remove, isChanging } = useCart();
  const { data, error } = cart;
  // The page asks for the login then.
  const isEnded = isProblem(error, 'session-ended');
  return (
    <div className="page max-w-6xl pt-10">
      <PageMeta title="Your cart" />
      <h1 className="text-title">Your cart</h1>
      {!data && error && !isEnded && <Failure error={error} retry={() => void cart.refetch()} />}
      {!data && (!error || isEnded) && <Skeleton className="mt-8 h-72 w-full rounded-3xl" />}
      {data?.items.length === 0 && (
        <Empty title="It is still empty">What you put in stays here, also when you come back later.</Empty>
      )}
      {data && data.items.length > 0 && (
        <div className="mt-6 grid items-start gap-10 lg:grid-cols-[1fr_22rem]">
          <ul className="divide-y divide-line">
            {data.items.map((line) => (
              <Line key={line.productId} line={line} set={set} add={add} remove={remove} />
            ))}
          </ul>
          <section aria-label="Sum" className="panel sticky top-28 p-6">
            <p className="text-muted">
              {count(
                data.items.reduce((sum, line) => sum + line.quantity, 0),
                'piece',
              )}
            </p>
            <p className="mt-1 flex items-baseline justify-between font-display text-2xl">
              Total
              <span className={`tabular-nums ${isChanging ? 'opacity-60' : ''}`}>
                {price(data.totalCents)}
              </span>
            </p>
            <Link to="/checkout" className="button mt-6 w-full">
              Go to checkout
            </Link>
            <p className="mt-4 text-sm text-muted">You see everything once more before you order.</p>
          </section>
        </div>
      )}
    </div>
  );
}
