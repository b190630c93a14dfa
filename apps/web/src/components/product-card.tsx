import type { Product } from '@shop/contracts/catalog.ts';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide';
import { useCartChanges } from '../cart/use-cart.ts';
import { price } from './format.ts';
import { Icon } from './icon.tsx';
import { Picture } from './picture.tsx';
import { Stars } from './stars.tsx';
import { Skeleton } from './states.tsx';

const fewLeft = 5;

export function StockNote({ stock }: { stock: number }) {
  if (stock === 0) return <span className="text-sm text-danger">Sold out</span>;
  if (stock <= fewLeft) return <span className="text-sm text-danger">Only {stock} left</span>;
  return null;
}

type Card = { product: Product; eager: boolean; add: ReturnType<typeof useCartChanges>['add'] };

/** One product in a list: the whole card is a link to it, the round button adds one to the cart. */
function ProductCard({ product, eager, add }: Card) {
  const { id: productId, name, slug, stock } = product;
  return (
    <article className="group relative">
      <div className="relative overflow-hidden rounded-3xl">
        <Picture
          src={product.imageUrl}
          images={product.images}
          sizes="(min-width: 1280px) 320px, (min-width: 640px) 30vw, 46vw"
          alt=""
          eager={eager}
          className={`w-full transition-transform duration-500 ease-calm group-hover:scale-[1.035] ${stock === 0 ? 'opacity-60' : ''}`}
        />
        {stock > 0 && (
          <button
            type="button"
            onClick={() => add({ productId, name })}
            aria-label={`Add ${name} to the cart`}
            className="absolute right-3 bottom-3 z-10 grid size-11 place-items-center rounded-full bg-raised text-ink shadow-lift transition-colors duration-200 hover:bg-accent hover:text-on-accent focus-visible:bg-accent focus-visible:text-on-accent"
          >
            <Icon of={Plus} size={20} />
          </button>
        )}
      </div>
      <div className="mt-3.5 flex flex-col gap-1 px-1">
        <h3 className="font-sans text-base leading-snug font-semibold tracking-normal">
          <Link
            to="/product/$slug"
            params={{ slug }}
            className="after:absolute after:inset-0 after:rounded-3xl"
          >
            {name}
          </Link>
        </h3>
        <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-0.5">
          <span className="tabular-nums">{price(product.priceCents)}</span>
          <StockNote stock={stock} />
        </div>
        <Stars rating={product.rating} count={product.reviewCount} />
      </div>
    </article>
  );
}

const grid =
  'grid grid-cols-2 gap-x-4 gap-y-9 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4 lg:gap-x-8 lg:gap-y-12';

export function ProductGrid({ products, eager = 0 }: { products: Product[]; eager?: number }) {
  const { add } = useCartChanges();
  return (
    <ul className={grid}>
      {products.map((product, index) => (
        <li key={product.id}>
          <ProductCard product={product} eager={index < eager} add={add} />
        </li>
      ))}
    </ul>
  );
}

export function ProductGridSkeleton({ count }: { count: number }) {
  return (
    <div className={grid} aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index}>
          <Skeleton className="aspect-square rounded-3xl" />
          <Skeleton className="mt-4 h-5 w-3/4" />
          <Skeleton className="mt-2 h-5 w-1/3" />
          <Skeleton className="mt-2 h-4 w-1/2" />
        </div>
      ))}
    </div>
  );
}
