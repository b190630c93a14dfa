import type { Order } from '@shop/contracts/orders.ts';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { maxQueryLength } from './api/limits.ts';
import {
  cartQuery,
  categoriesQuery,
  meQuery,
  orderQuery,
  picksQuery,
  productQuery,
  productsQuery,
} from './api/queries.ts';
import { scrollsAtOnce } from './arrival.ts';
import { type Refinement, refinementOf, toProductFilter } from './components/refinement.ts';
import { Failure, LoadAnew, NotFound, PageOutline } from './components/states.tsx';
import { flagIn, parseSearch, stringifySearch, textIn } from './search-params.ts';
import { goOnElsewhere, isOutdated } from './shell/go-on-elsewhere.ts';
import { Layout } from './shell/layout.tsx';

type Context = { queries: QueryClient };
type Search = Record<string, unknown>;

let isFirstPage = true;

/**
 * What a page needs is asked for before the page is drawn. The page does not wait for the answers, except when the
 * browser scrolls at once: the router scrolls to where the shopper was after the first drawing, and the page must have
 * its whole height by then. While a slow shop answers, an outline stands in its place.
 */
function ask(...answers: Promise<void>[]): Promise<unknown> | undefined {
  const waits = isFirstPage && scrollsAtOnce;
  isFirstPage = false;
  return waits ? Promise.all(answers) : undefined;
}

const root = createRootRouteWithContext<Context>()({ component: Layout });

const statuses = ['placed', 'paid', 'shipped', 'cancelled', 'payment-failed'] as const;

/** Only a path of our own: a link must not lead a shopper who logs in to another site. */
const pathOf = (value: unknown) =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;

/** A guest logs in first, and comes back here. */
async function requireCustomer({ context, location }: { context: Context; location: { href: string } }) {
  const me = await context.queries.ensureQueryData(meQuery);
  if (!me) throw redirect({ to: '/login', search: { from: location.href } });
  return { me };
}

async function requireAdmin(at: { context: Context; location: { href: string } }) {
  const { me } = await requireCustomer(at);
  if (me.role !== 'admin') throw redirect({ to: '/' });
  return { me };
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  loader: ({ context: { queries } }) =>
    ask(
      queries.prefetchQuery(categoriesQuery),
      queries.prefetchQuery(picksQuery('rating', 8)),
      queries.prefetchQuery(picksQuery('newest', 8)),
    ),
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'HomePage'),
});

type ListSearch = Refinement & { q?: string; category?: string };

const category = createRoute({
  getParentRoute: () => root,
  path: '/category/$category',
  validateSearch: refinementOf,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params, deps }) =>
    ask(
      queries.prefetchQuery(categoriesQuery),
      queries.prefetchInfiniteQuery(productsQuery({ category: params.category, ...toProductFilter(deps) })),
    ),
  component: lazyRouteComponent(() => import('./pages/category.tsx'), 'CategoryPage'),
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: (raw: Search): ListSearch => ({
    ...refinementOf(raw),
    q: textIn(raw.q, maxQueryLength),
    category: textIn(raw.category),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps: { q, category, ...refinement } }) =>
    ask(queries.prefetchInfiniteQuery(productsQuery({ q, category, ...toProductFilter(refinement) }))),
  component: lazyRouteComponent(() => import('./pages/search.tsx'), 'SearchPage'),
});

const product = createRoute({
  getParentRoute: () => root,
  path: '/product/$slug',
  loader: ({ context: { queries }, params }) => ask(queries.prefetchQuery(productQuery(params.slug))),
  component: lazyRouteComponent(() => import('./pages/product.tsx'), 'ProductPage'),
});

const cart = createRoute({
  getParentRoute: () => root,
  path: '/cart',
  loader: ({ context: { queries } }) => ask(queries.prefetchQuery(cartQuery)),
  component: lazyRouteComponent(() => import('./pages/cart.tsx'), 'CartPage'),
});

const from = { validateSearch: (raw: Search): { from?: string } => ({ from: pathOf(raw.from) }) };
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  ...from,
  component: lazyRouteComponent(() => import('./pages/login.tsx'), 'LoginPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  ...from,
  component: lazyRouteComponent(() => import('./pages/register.tsx'), 'RegisterPage'),
});

const customer = createRoute({ getParentRoute: () => root, id: 'customer', beforeLoad: requireCustomer });
const checkout = createRoute({
  getParentRoute: () => customer,
  path: '/checkout',
  component: lazyRouteComponent(() => import('./pages/checkout.tsx'), 'CheckoutPage'),
});
const orders = createRoute({
  getParentRoute: () => customer,
  path: '/orders',
  component: lazyRouteComponent(() => import('./pages/orders.tsx'), 'OrdersPage'),
});
const order = createRoute({
  getParentRoute: () => customer,
  path: '/orders/$id',
  // `new`: the shopper has just placed it.
  validateSearch: (raw: Search): { new?: true } => ({ new: flagIn(raw.new) }),
  loader: ({ context: { queries }, params }) => ask(queries.prefetchQuery(orderQuery(params.id))),
  component: lazyRouteComponent(() => import('./pages/order.tsx'), 'OrderPage'),
});
const account = createRoute({
  getParentRoute: () => customer,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('./pages/admin/frame.tsx'), 'AdminFrame'),
});
const adminStart = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/orders' });
  },
});
const adminProducts = createRoute({
  getParentRoute: () => admin,
  path: '/products',
  validateSearch: (raw: Search): { q?: string; status?: 'active' | 'inactive' } => ({
    q: textIn(raw.q),
    status: raw.status === 'active' || raw.status === 'inactive' ? raw.status : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/admin/products.tsx'), 'AdminProductsPage'),
});
const adminNewProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/new',
  component: lazyRouteComponent(() => import('./pages/admin/new-product.tsx'), 'AdminNewProductPage'),
});
const adminProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/$id',
  component: lazyRouteComponent(() => import('./pages/admin/product.tsx'), 'AdminProductPage'),
});
const adminOrders = createRoute({
  getParentRoute: () => admin,
  path: '/orders',
  validateSearch: (raw: Search): { q?: string; status?: Order['status'] } => ({
    q: textIn(raw.q),
    status: statuses.find((status) => status === raw.status),
  }),
  component: lazyRouteComponent(() => import('./pages/admin/orders.tsx'), 'AdminOrdersPage'),
});
const adminOrder = createRoute({
  getParentRoute: () => admin,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('./pages/admin/order.tsx'), 'AdminOrderPage'),
});
const adminUploads = createRoute({
  getParentRoute: () => admin,
  path: '/uploads',
  component: lazyRouteComponent(() => import('./pages/admin/uploads.tsx'), 'AdminUploadsPage'),
});

const routeTree = root.addChildren([
  home,
  category,
  search,
  product,
  cart,
  login,
  register,
  customer.addChildren([checkout, orders, order, account]),
  admin.addChildren([
    adminStart,
    adminProducts,
    adminNewProduct,
    adminProduct,
    adminOrders,
    adminOrder,
    adminUploads,
  ]),
]);

/** Every page of the shop; each but the frame is loaded when it is needed, or when a pointer comes near a link to it. */
export const createShopRouter = (queries: QueryClient) =>
  createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: scrollsAtOnce ? PageOutline : undefined,
    defaultPendingMs: 500,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ({ error, reset }) =>
      isOutdated() ? (
        <LoadAnew start={() => void goOnElsewhere(queries)} />
      ) : (
        <Failure error={error as Error} retry={reset} />
      ),
  });
