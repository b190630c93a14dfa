import type { Product } from '@shop/contracts/catalog.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { categoriesQuery, productQuery } from '../api/queries.ts';
import { useCartChanges } from '../cart/use-cart.ts';
import { price } from '../components/format.ts';
import { useInSlices } from '../components/in-slices.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { Picture } from '../components/picture.tsx';
import { StockNote } from '../components/product-card.tsx';
import { ProductJsonLd } from '../components/product-json-ld.tsx';
import { QuantityField } from '../components/quantity.tsx';
import { Stars } from '../components/stars.tsx';
import { Failure, Skeleton } from '../components/states.tsx';

const Reviews = lazy(() => import('../components/reviews.tsx'));
const route = getRouteApi('/product/$slug');

function Buy({ product }: { product: Product }) {
  const [pieces, setPieces] = useState(1);
  const { add } = useCartChanges();
  const { id: productId, name, stock } = product;
  if (stock === 0) {
    return <p className="rounded-2xl bg-sunken px-5 py-4">Sold out for now. It may come back.</p>;
  }
  return (
    <div className="flex flex-wrap items-center gap-4">
      <QuantityField value={pieces} name={name} onChange={setPieces} />
      <button type="button" className="button min-w-48" onClick={() => add({ productId, name }, pieces)}>
        Add to cart
      </button>
      <StockNote stock={stock} />
    </div>
  );
}

function Breadcrumb({ id }: { id: string }) {
  const { data } = useQuery(categoriesQuery);
  const name = data?.items.find((category) => category.id === id)?.name;
  return (
    <nav aria-label="Breadcrumb" className="min-h-6 text-sm text-muted">
      <Link to="/" className="hover:text-accent">
        Home
      </Link>
      <span aria-hidden> / </span>
      {name && (
        <Link to="/category/$category" params={{ category: id }} className="hover:text-accent">
          {name}
        </Link>
      )}
    </nav>
  );
}

function ProductSkeleton() {
  return (
    <div className="page grid gap-10 pt-14 lg:grid-cols-2 lg:gap-20">
      <Skeleton className="aspect-square w-full rounded-[2.2rem]" />
      <div>
        <Skeleton className="h-12 w-4/5" />
        <Skeleton className="mt-6 h-8 w-28" />
        <Skeleton className="mt-8 h-40 w-full" />
      </div>
    </div>
  );
}

export function ProductPage() {
  const { slug } = route.useParams();
  const { data, error, refetch } = useQuery(productQuery(slug));
  const product = useInSlices(data);
  if (error && !product) return <Failure error={error} retry={() => void refetch()} />;
  if (!product) return <ProductSkeleton />;
  return (
    <article className="page pt-6">
      <PageMeta title={product.name} description={product.description} />
      <ProductJsonLd product={product} />
      <Breadcrumb id={product.category} />
      <div className="mt-4 grid items-start gap-8 lg:grid-cols-2 lg:gap-20">
        <Picture
          src={product.imageUrl}
          images={product.images}
          sizes="(min-width: 1472px) 640px, (min-width: 1024px) 45vw, 92vw"
          alt={product.name}
          eager
          className="w-full rounded-[2.2rem]"
        />
        <div className="lg:pt-10">
          <h1 className="text-title">{product.name}</h1>
          <div className="mt-3 min-h-6">
            {product.rating !== null && (
              <a href="#reviews">
                <Stars rating={product.rating} count={product.reviewCount} />
              </a>
            )}
          </div>
          <p className="mt-5 font-display text-3xl tabular-nums">{price(product.priceCents)}</p>
          <p className="mt-6 max-w-prose text-lg leading-relaxed text-pretty whitespace-pre-line text-muted">
            {product.description}
          </p>
          <div className="mt-9">
            <Buy product={product} />
          </div>
        </div>
      </div>
      {/* Links to #reviews have a target before the reviews are there. */}
      <div id="reviews" className="mt-24 scroll-mt-28">
        <Suspense fallback={<Skeleton className="h-60 w-full rounded-3xl" />}>
          <Reviews product={product} />
        </Suspense>
      </div>
    </article>
  );
}
