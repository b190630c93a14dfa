import type { Sort } from '@shop/contracts/values.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide';
import { categoriesQuery, picksQuery } from '../api/queries.ts';
import { count } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { useFurtherDown, useInSlices } from '../components/in-slices.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { Picture, smallPicture } from '../components/picture.tsx';
import { ProductGrid, ProductGridSkeleton } from '../components/product-card.tsx';
import { Failure, Skeleton } from '../components/states.tsx';

/** Three of the best rated products, as a still life beside the welcome; it is drawn at once. */
function StillLife({ onShown }: { onShown: () => void }) {
  const { data } = useQuery(picksQuery('rating', 8));
  const shown = data?.items.slice(0, 3) ?? [];
  const places = ['col-span-2 row-span-2 rounded-[2.2rem]', 'rounded-[1.6rem]', 'rounded-[1.6rem]'];
  return (
    <div className="grid grid-cols-3 grid-rows-2 gap-3 sm:gap-4">
      {places.map((place, index) => {
        const product = shown[index];
        if (!product)
          return <Skeleton key={place + String(index)} className={`aspect-square w-full ${place}`} />;
        return (
          <Link
            key={product.id}
            to="/product/$slug"
            params={{ slug: product.slug }}
            className={`overflow-hidden ${place}`}
          >
            <Picture
              src={product.imageUrl}
              images={product.images}
              sizes={index === 0 ? '(min-width: 1024px) 420px, 62vw' : '(min-width: 1024px) 200px, 30vw'}
              alt={product.name}
              eager
              onLoad={index === 0 ? onShown : undefined}
              className="size-full transition-transform duration-700 ease-calm hover:scale-[1.03]"
            />
          </Link>
        );
      })}
    </div>
  );
}

function Welcome({ onShown }: { onShown: () => void }) {
  return (
    <section className="page grid items-center gap-10 pt-10 pb-16 lg:grid-cols-[1.1fr_1fr] lg:gap-20 lg:pt-16 lg:pb-24">
      <div>
        <h1 className="text-hero">
          Good things,
          <br />
          <em className="text-accent not-italic">still</em> here.
        </h1>
        <p className="mt-6 max-w-md text-lg text-muted text-pretty">
          Something for the table, the desk, the garden and the stage. From a shop that stays open whatever
          happens behind the counter.
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <Link to="/search" search={{ sort: 'newest' }} className="button">
            See what is new
          </Link>
          <a href="#categories" className="button button-quiet">
            All categories
          </a>
        </div>
      </div>
      <StillLife onShown={onShown} />
    </section>
  );
}

/** As high as a name of two lines in narrow columns: nothing moves when the names arrive. */
const label = 'min-h-25 flex-1 px-4 pt-3 pb-4 md:min-h-19 lg:min-h-25 2xl:min-h-19';

function Categories() {
  const { data: categories, error, refetch } = useQuery(categoriesQuery);
  const data = useInSlices(categories);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <section aria-labelledby="categories-title" className="page">
      <h2 id="categories-title" className="text-section">
        Have a look around
      </h2>
      <ul className="mt-7 grid grid-cols-2 gap-3 sm:grid-cols-3 md:gap-4 lg:grid-cols-6">
        {data
          ? data.items.map((category) => (
              <li key={category.id}>
                <Link
                  to="/category/$category"
                  params={{ category: category.id }}
                  className="group panel flex h-full flex-col overflow-hidden"
                >
                  <Picture
                    src={smallPicture(category.imageUrl)}
                    alt=""
                    className="w-full transition-transform duration-500 ease-calm group-hover:scale-[1.04]"
                  />
                  <span className={`relative bg-raised ${label}`}>
                    <span className="block leading-snug font-semibold">{category.name}</span>
                    <span className="text-sm text-muted">{count(category.productCount, 'product')}</span>
                  </span>
                </Link>
              </li>
            ))
          : Array.from({ length: 18 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
              <li key={index} className="panel overflow-hidden">
                <Skeleton className="aspect-square rounded-none" />
                <div className={label}>
                  <Skeleton className="h-5 w-3/4" />
                  <Skeleton className="mt-1.5 h-4 w-1/2" />
                </div>
              </li>
            ))}
      </ul>
    </section>
  );
}

function Picks({ title, sort }: { title: string; sort: Sort }) {
  const { error, refetch, ...query } = useQuery(picksQuery(sort, 8));
  const data = useInSlices(query.data);
  const id = `picks-${sort}`;
  return (
    <section aria-labelledby={id} className="page mt-24">
      <div className="mb-7 flex items-baseline justify-between gap-4">
        <h2 id={id} className="text-section">
          {title}
        </h2>
        <Link
          to="/search"
          search={{ sort }}
          className="link inline-flex items-center gap-1.5 whitespace-nowrap"
        >
          See all<span className="sr-only">: {title}</span>
          <Icon of={ArrowRight} size={16} />
        </Link>
      </div>
      {data ? (
        <ProductGrid products={data.items} />
      ) : error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <ProductGridSkeleton count={8} />
      )}
    </section>
  );
}

function FurtherDown() {
  return (
    <>
      <Categories />
      <Picks title="Loved by those who bought them" sort="rating" />
      <Picks title="New on the shelves" sort="newest" />
    </>
  );
}

export function HomePage() {
  const [isFurtherDown, showFurtherDown] = useFurtherDown();
  return (
    <>
      <PageMeta title="Good things, always open" />
      <Welcome onShown={showFurtherDown} />
      {/* Links to #categories have a target before the categories are there. */}
      <div id="categories" className="scroll-mt-28">
        {isFurtherDown ? <FurtherDown /> : <div className="h-dvh" />}
      </div>
    </>
  );
}
