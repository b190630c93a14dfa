import { type Browser, devices, expect, type Page, test } from '@playwright/test';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import {
  cartCount,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  type Sold,
  thankYou,
  visitUntilShellIsKept,
} from '../shopper.ts';

const initialStock = 500;

/** Three people: at a desk, with a phone, and one whose page came from the other edge. */
const people = [
  { viewport: { width: 1280, height: 900 } },
  { ...devices['Pixel 7'], colorScheme: 'dark' as const },
  { viewport: { width: 768, height: 1024 }, baseURL: edges[1] },
];

/**
 * One step of a shopper, named by what the shop promises for it.
 * @throws `broken promise: …` for whatever stopped the step, so that the control knows an objection from another failure.
 */
async function promised(promise: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    throw new Error(`broken promise: ${promise}`, { cause });
  }
}

/** Buys a piece of `product` as people do: look, put into the cart, review, order. @returns the order's number. */
async function buyOnce(page: Page, { slug }: Sold): Promise<string> {
  await promised('the product can be put into the cart', async () => {
    await page.goto(`/product/${slug}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  });
  await promised('the cart leads to the checkout', async () => {
    await cartCount(page).click();
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await expect(page).toHaveURL(/\/checkout$/);
  });
  await promised('the order is thanked for', async () => {
    await placeOrder(page).click();
    await expect(thankYou(page)).toBeVisible();
  });
  return /order (\S+)$/.exec((await thankYou(page).textContent()) ?? '')![1]!;
}

/** A browser with an account of its own, and with the number of its first order. */
async function enter(browser: Browser, person: object, product: Sold) {
  const context = await browser.newContext({ locale: 'en-GB', ...person });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await newCustomer(page);
  await visitUntilShellIsKept(page);
  return { page, numbers: [await buyOnce(page, product)] };
}

type Shopper = Awaited<ReturnType<typeof enter>>;

async function shopUntil({ page, numbers }: Shopper, product: Sold, over: AbortSignal): Promise<Shopper> {
  // One more after the last kill: the shop works at the end, too.
  for (let last = false; !last; ) {
    last = over.aborted;
    numbers.push(await buyOnce(page, product));
  }
  return { page, numbers };
}

/** @throws when a shopper could not go on, or misses an order, or has one too many. */
async function threeShopWhileReplicasAreKilled(browser: Browser, product: Sold): Promise<void> {
  const replicas = await running('api');
  // Before the first kill: a registration carries no key, so no edge may send it to a second replica.
  const shoppers = await Promise.all(people.map((person) => enter(browser, person, product)));
  const over = new AbortController();
  const shopping = Promise.allSettled(shoppers.map((shopper) => shopUntil(shopper, product, over.signal)));
  try {
    for (const replica of replicas) {
      await kill(replica);
      await startAgain(replica);
      await untilReplicasServe(edges[0], replicas.length);
    }
  } finally {
    over.abort();
    for (const replica of replicas) await startAgain(replica);
  }

  let bought = 0;
  for (const outcome of await shopping) {
    if (outcome.status === 'rejected') throw outcome.reason;
    const { page, numbers } = outcome.value;
    expect(numbers.length, 'orders that a person was thanked for').toBeGreaterThan(1);
    expect((await ordersOf(page)).map(({ number }) => number).toSorted()).toEqual(numbers.toSorted());
    await page.goto('/orders');
    for (const number of numbers) {
      await expect(page.getByRole('link', { name: `Order ${number}`, exact: true })).toHaveCount(1);
    }
    bought += numbers.length;
    await page.context().close();
  }
  const { body } = await new ShopClient(edges[0]).get(`/api/products/${product.slug}`);
  expect(body.stock).toBe(initialStock - bought);
}

// Each replica is waited for until it serves again; meanwhile people shop.
test.setTimeout(600_000);

test('three browsers shop while every API replica is killed: each order is there, once', async ({
  browser,
}) => {
  await threeShopWhileReplicasAreKilled(browser, await makeProduct(initialStock));
});

test('control: the checker objects to replicas that keep sessions in their own memory', async ({
  browser,
}) => {
  const product = await makeProduct(initialStock);
  await withBrokenReplicas('sessions-in-memory', 2, async () => {
    const shopping = threeShopWhileReplicasAreKilled(browser, product);
    // Which promise is broken first is chance: it depends on which call reaches a replica that does not know the person.
    await expect(shopping).rejects.toThrow(/^broken promise: /);
  });
});
