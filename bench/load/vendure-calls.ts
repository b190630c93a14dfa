import { type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { withFreeClient } from './free-client.ts';
import { accepted, type MakeCalls, productsToOrder } from './peer.ts';

// The steps of Vendure's own guides (storefront/listing-products, storefront/checkout-flow), which ask for few fields.

const servers = ['http://127.0.0.1:27080', 'http://127.0.0.1:27081'];
/** Of the ten customers that the seed creates (bench/peers/compose.yml). */
const password = 'measured-only-here';
const address = { fullName: 'Robin Reader', streetLine1: 'Road 1', city: 'Berlin', postalCode: '10115' };

const order = '... on Order { id code state } ... on ErrorResult { errorCode message }';
const documents = {
  login: `mutation ($name: String!, $password: String!) {
    login(username: $name, password: $password) { ... on CurrentUser { id } ... on ErrorResult { errorCode } }
  }`,
  list: `{ search(input: { take: 24, groupByProduct: true }) {
    totalItems
    items { productId slug productName inStock productAsset { preview } priceWithTax { ... on SinglePrice { value } ... on PriceRange { min } } }
  } }`,
  variants: `query ($take: Int!) { search(input: { take: $take, groupByProduct: true }) { items { slug productVariantId } } }`,
  detail: `query ($slug: String!) { product(slug: $slug) {
    id name slug description featuredAsset { preview } collections { id name slug }
    variants { id name sku priceWithTax currencyCode stockLevel }
  } }`,
  ownOrders: `{ activeCustomer { orders(options: { take: 5, sort: { orderPlacedAt: DESC } }) {
    totalItems
    items { id code state totalWithTax currencyCode orderPlacedAt updatedAt
      lines { id quantity unitPriceWithTax linePriceWithTax productVariant { id name } } }
  } } }`,
  add: `mutation ($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { ${order} } }`,
  address: `mutation ($input: CreateAddressInput!) { setOrderShippingAddress(input: $input) { ${order} } }`,
  methods: '{ eligibleShippingMethods { id } }',
  shipping: `mutation ($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) { ${order} } }`,
  arrange: `mutation { transitionOrderToState(state: "ArrangingPayment") { ${order} } }`,
  pay: `mutation { addPaymentToOrder(input: { method: "dummy-payment", metadata: {} }) { ${order} } }`,
};
type Step = keyof typeof documents;

export const makeVendureCalls: MakeCalls = async (count) => {
  const clients = Array.from(
    { length: count },
    (_, index) => new ShopClient(servers[index % servers.length]!),
  );
  for (const [index, client] of clients.entries()) {
    await ask(client, 'login', { name: `buyer-${index}@example.com`, password });
  }
  const found = await ask(clients[0]!, 'variants', { take: productsToOrder });
  const products: { slug: string; productVariantId: string }[] = found.body.data.search.items;
  const product = () => products[Math.floor(Math.random() * products.length)]!;

  const place = async (buyer: ShopClient) => {
    await ask(buyer, 'add', { id: product().productVariantId });
    await ask(buyer, 'address', { input: { ...address, countryCode: 'DE' } });
    await ask(buyer, 'shipping', { id: [method] });
    await ask(buyer, 'arrange');
    const paid = await ask(buyer, 'pay');
    const { state } = paid.body.data.addPaymentToOrder;
    if (state !== 'PaymentSettled') throw new Error(`the order is ${state}`);
    return paid;
  };
  // A method is eligible for an order, so there must be one first.
  await ask(clients[0]!, 'add', { id: product().productVariantId });
  await ask(clients[0]!, 'address', { input: { ...address, countryCode: 'DE' } });
  const method: string = (await ask(clients[0]!, 'methods')).body.data.eligibleShippingMethods[0].id;

  return {
    order: async () => withFreeClient(clients, place),
    'own orders': async () => {
      for (let placed = 0; placed < 5; placed += 1) await Promise.all(clients.map(place));
      return withFreeClient(clients, (client) => ask(client, 'ownOrders'));
    },
    'product detail': async () =>
      withFreeClient(clients, (client) => ask(client, 'detail', { slug: product().slug })),
    'list of 24': async () => withFreeClient(clients, (client) => ask(client, 'list')),
  };
};

/** @throws when the answer holds an error, which GraphQL answers with 200, too. */
async function ask(client: ShopClient, step: Step, variables: object = {}): Promise<Reply> {
  const body = { query: documents[step], variables };
  const reply = accepted(step, await client.post('/shop-api', { body }));
  const [result] = Object.values<{ errorCode?: string } | null>(reply.body.data);
  if (!result || result.errorCode) throw new Error(`${step}: ${JSON.stringify(reply.body)}`);
  return reply;
}
