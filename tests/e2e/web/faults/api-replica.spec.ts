import { expect, type Page, test } from '@playwright/test';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { type Container, replicaName, running } from '@shop/chaos/topology/topology.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { isNetworkChange } from '../../network-change.ts';
import {
  cartCount,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  thankYou,
} from '../shopper.ts';

/** The replica that gave `page` its newest answer. */
async function replicaThatServes(page: Page): Promise<Container> {
  const reply = await page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/cart');
  const name = reply.headers()['x-served-by'];
  const found = (await running('api')).find((container) => replicaName(container) === name);
  expect(found, `a running replica called ${name}`).toBeDefined();
  return found!;
}

/** Every answer of the API that was none, or said that something is broken. */
function noteFailures(page: Page): string[] {
  const failures: string[] = [];
  page.on('requestfailed', (request) => {
    const { errorText = '' } = request.failure() ?? {};
    // The page itself ends a request that it no longer needs.
    if (errorText === 'net::ERR_ABORTED' || isNetworkChange(errorText)) return;
    failures.push(`${request.method()} ${request.url()} ${errorText}`);
  });
  page.on('response', (reply) => {
    if (reply.status() >= 500) failures.push(`${reply.status()} ${reply.url()}`);
  });
  return failures;
}

// The replica is waited for until it serves again, on a machine that may be half as fast.
test.setTimeout(420_000);

test('the shopper notices nothing when the replica of an open page is killed between two clicks', async ({
  page,
}) => {
  const replicas = await running('api');
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  const failures = noteFailures(page);
  const served = replicaThatServes(page);
  await page.goto('/cart');
  const victim = await served;
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  try {
    await kill(victim);
    await page.getByRole('button', { name: 'One more' }).click();
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await placeOrder(page).click();
    await expect(thankYou(page)).toBeVisible();
  } finally {
    await startAgain(victim);
    await untilReplicasServe(edges[0], replicas.length);
  }
  expect(failures).toEqual([]);
  const [order, ...more] = await ordersOf(page);
  expect(order?.items).toMatchObject([{ productId: product.id, quantity: 2 }]);
  expect(more).toEqual([]);
});
