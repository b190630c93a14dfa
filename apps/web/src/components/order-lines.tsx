import type { Order } from '@shop/contracts/orders.ts';
import { Link } from '@tanstack/react-router';
import { price } from './format.ts';
import { Picture } from './picture.tsx';

type Shown = Pick<Order['items'][number], 'productId' | 'slug' | 'name' | 'quantity' | 'lineTotalCents'> & {
  imageUrl?: string;
};

/** The lines of an order, and its total. */
export function OrderLines({ lines, totalCents }: { lines: Shown[]; totalCents: number }) {
  return (
    <div className="panel px-5 sm:px-6">
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <li key={line.productId} className="flex items-center gap-4 py-4">
            {line.imageUrl && <Picture src={line.imageUrl} alt="" className="size-16 rounded-xl" />}
            <div className="min-w-0 flex-1">
              <Link
                to="/product/$slug"
                params={{ slug: line.slug }}
                className="font-semibold hover:text-accent"
              >
                {line.name}
              </Link>
              <p className="text-muted tabular-nums">
                {line.quantity} × {price(line.lineTotalCents / line.quantity)}
              </p>
            </div>
            <p className="tabular-nums">{price(line.lineTotalCents)}</p>
          </li>
        ))}
      </ul>
      <p className="flex justify-between border-t border-line py-5 font-display text-xl">
        Total <span className="tabular-nums">{price(totalCents)}</span>
      </p>
    </div>
  );
}
