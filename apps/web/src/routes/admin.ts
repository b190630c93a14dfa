import type { Order } from '@shop/contracts/orders.ts';
import { orderStatuses } from '@shop/contracts/values.ts';
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { textIn } from '../search-params.ts';
import { requireAdmin, root, type Search } from './root.ts';

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../pages/admin/frame.tsx'), 'AdminFrame'),
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
  component: lazyRouteComponent(() => import('../pages/admin/products.tsx'), 'AdminProductsPage'),
});
const adminNewProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/new',
  component: lazyRouteComponent(() => import('../pages/admin/new-product.tsx'), 'AdminNewProductPage'),
});
const adminProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/$id',
  component: lazyRouteComponent(() => import('../pages/admin/product.tsx'), 'AdminProductPage'),
});
const adminOrders = createRoute({
  getParentRoute: () => admin,
  path: '/orders',
  validateSearch: (raw: Search): { q?: string; status?: Order['status'] } => ({
    q: textIn(raw.q),
    status: orderStatuses.find((status) => status === raw.status),
  }),
  component: lazyRouteComponent(() => import('../pages/admin/orders.tsx'), 'AdminOrdersPage'),
});
const adminOrder = createRoute({
  getParentRoute: () => admin,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('../pages/admin/order.tsx'), 'AdminOrderPage'),
});
const adminUploads = createRoute({
  getParentRoute: () => admin,
  path: '/uploads',
  component: lazyRouteComponent(() => import('../pages/admin/uploads.tsx'), 'AdminUploadsPage'),
});

export const adminRoutes = admin.addChildren([
  adminStart,
  adminProducts,
  adminNewProduct,
  adminProduct,
  adminOrders,
  adminOrder,
  adminUploads,
]);
