import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { cartQuery, orderQuery } from '../api/queries.ts';
import { flagIn, pageIn } from '../search-params.ts';
import { ask, requireCustomer, root, type Search } from './root.ts';

const cart = createRoute({
  getParentRoute: () => root,
  path: '/cart',
  loader: ({ context: { queries } }) => ask(queries.prefetchQuery(cartQuery)),
  component: lazyRouteComponent(() => import('../pages/cart.tsx'), 'CartPage'),
});

const from = { validateSearch: (raw: Search): { from?: string } => ({ from: pageIn(raw.from) }) };
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  ...from,
  component: lazyRouteComponent(() => import('../pages/login.tsx'), 'LoginPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  ...from,
  component: lazyRouteComponent(() => import('../pages/register.tsx'), 'RegisterPage'),
});

const customer = createRoute({ getParentRoute: () => root, id: 'customer', beforeLoad: requireCustomer });
const checkout = createRoute({
  getParentRoute: () => customer,
  path: '/checkout',
  component: lazyRouteComponent(() => import('../pages/checkout.tsx'), 'CheckoutPage'),
});
const orders = createRoute({
  getParentRoute: () => customer,
  path: '/orders',
  component: lazyRouteComponent(() => import('../pages/orders.tsx'), 'OrdersPage'),
});
const order = createRoute({
  getParentRoute: () => customer,
  path: '/orders/$id',
  // `new`: the shopper has just placed it.
  validateSearch: (raw: Search): { new?: true } => ({ new: flagIn(raw.new) }),
  loader: ({ context: { queries }, params }) => ask(queries.prefetchQuery(orderQuery(params.id))),
  component: lazyRouteComponent(() => import('../pages/order.tsx'), 'OrderPage'),
});
const account = createRoute({
  getParentRoute: () => customer,
  path: '/account',
  component: lazyRouteComponent(() => import('../pages/account.tsx'), 'AccountPage'),
});

export const customerRoutes = [
  cart,
  login,
  register,
  customer.addChildren([checkout, orders, order, account]),
] as const;
