import { randomUUID } from 'node:crypto';
import { execIn } from '@shop/docker/in-container.ts';
import { type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { withFreeClient } from './free-client.ts';
import { accepted, type MakeCalls, peersProject, productsToOrder } from './peer.ts';

// The steps of Medusa's own guides (resources/storefront-development/checkout, …/products, …/customers).

const servers = ['http://127.0.0.1:27090', 'http://127.0.0.1:27091'];
const address = {
  ...{ first_name: 'Robin', last_name: 'Reader', address_1: 'Road 1', city: 'Berlin' },
  ...{ postal_code: '10115', country_code: 'de' },
};
/** The price of the region and the stock, which Medusa leaves out unless they are asked for. */
const fields = '*variants.calculated_price,%2Bvariants.inventory_quantity';

/** A signed-in customer. `headers` go with each call: the customer's token, and the key of the sales channel. */
type Buyer = { client: ShopClient; email: string; headers: Record<string, string> };

export const makeMedusaCalls: MakeCalls = async (count) => {
  const key = await publishableKey();
  const buyers = await Promise.all(
    Array.from({ length: count }, (_, index) => register(servers[index % servers.length]!, key)),
  );
  const first = buyers[0]!;
  const region: string = (await get(first, '/store/regions')).body.regions[0].id;
  const listed = await get(first, `/store/products?limit=${productsToOrder}`);
  const products: { id: string; variants: { id: string }[] }[] = listed.body.products;
  const product = () => products[Math.floor(Math.random() * products.length)]!;

  const fill = (buyer: Buyer) =>
    post(buyer, '/store/carts', {
      ...{ region_id: region, email: buyer.email, shipping_address: address },
      items: [{ variant_id: product().variants[0]!.id, quantity: 1 }],
    });
  const cartOfFirst: string = (await fill(first)).body.cart.id;
  const options = await get(first, `/store/shipping-options?cart_id=${cartOfFirst}`);
  const shippingOption: string = options.body.shipping_options[0].id;

  const place = async (buyer: Buyer) => {
    const cart: string = (await fill(buyer)).body.cart.id;
    await post(buyer, `/store/carts/${cart}/shipping-methods`, { option_id: shippingOption });
    const opened = await post(buyer, '/store/payment-collections', { cart_id: cart });
    await post(buyer, `/store/payment-collections/${opened.body.payment_collection.id}/payment-sessions`, {
      provider_id: 'pp_settled_dummy',
    });
    const placed = await post(buyer, `/store/carts/${cart}/complete`);
    if (placed.body.type !== 'order') throw new Error(`no order: ${JSON.stringify(placed.body)}`);
    return placed;
  };

  return {
    order: async () => withFreeClient(buyers, place),
    'own orders': async () => {
      for (let placed = 0; placed < 5; placed += 1) await Promise.all(buyers.map(place));
      return withFreeClient(buyers, (buyer) => get(buyer, '/store/orders?limit=5&fields=*items'));
    },
    'product detail': async () =>
      withFreeClient(buyers, (buyer) =>
        get(buyer, `/store/products/${product().id}?region_id=${region}&fields=${fields}`),
      ),
    'list of 24': async () =>
      withFreeClient(buyers, (buyer) =>
        get(buyer, `/store/products?limit=24&region_id=${region}&fields=${fields}`),
      ),
  };
};

/** Registers a customer and signs in. */
async function register(server: string, key: string): Promise<Buyer> {
  const client = new ShopClient(server);
  const email = `buyer-${randomUUID()}@example.com`;
  const login = { email, password: randomUUID() };
  const headers = (token: string) => ({ 'x-publishable-api-key': key, authorization: `Bearer ${token}` });
  const registered = accepted(
    'register',
    await client.post('/auth/customer/emailpass/register', { body: login }),
  );
  const stranger = { client, email, headers: headers(registered.body.token) };
  await post(stranger, '/store/customers', { email, first_name: 'Robin', last_name: 'Reader' });
  const signedIn = accepted('sign in', await client.post('/auth/customer/emailpass', { body: login }));
  return { ...stranger, headers: headers(signedIn.body.token) };
}

async function get({ client, headers }: Buyer, path: string): Promise<Reply> {
  return accepted(path, await client.get(path, { headers }));
}

async function post({ client, headers }: Buyer, path: string, body: object = {}): Promise<Reply> {
  return accepted(path, await client.post(path, { headers, body }));
}

/** The key that Medusa makes for storefronts at its first start. */
async function publishableKey(): Promise<string> {
  const sql = "SELECT token FROM api_key WHERE type = 'publishable'";
  return await execIn(
    `${peersProject}-medusa-postgres-1`,
    'psql',
    '--tuples-only',
    '--no-align',
    '--command',
    sql,
  );
}
