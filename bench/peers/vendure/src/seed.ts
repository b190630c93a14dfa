import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  bootstrap,
  CustomerService,
  type InitialData,
  LanguageCode,
  RequestContextService,
  TransactionalConnection,
  User,
} from '@vendure/core';
import { populate } from '@vendure/core/cli';
import { config } from './config';

type Product = { slug: string; name: string; description: string; priceCents: number };

/** Creates the schema, the catalogue and ten customers, as deployment/getting-data-into-production says. */
async function seed(): Promise<void> {
  const categories = readdirSync('/catalog').map((file) => file.replace('.json', ''));
  writeFileSync('/tmp/products.csv', [header, ...categories.flatMap(linesOf)].join('\n'));
  const app = await populate(() => bootstrap(config), initialData(categories), '/tmp/products.csv');

  const { identifier } = config.authOptions.superadminCredentials!;
  const user = await app
    .get(TransactionalConnection)
    .rawConnection.getRepository(User)
    .findOneOrFail({ where: { identifier }, relations: { roles: { channels: true } } });
  const context = await app.get(RequestContextService).create({ apiType: 'admin', user });
  for (let number = 0; number < 10; number += 1) {
    const customer = { firstName: 'Robin', lastName: 'Reader', emailAddress: `buyer-${number}@example.com` };
    await app.get(CustomerService).create(context, customer, process.env.CUSTOMER_PASSWORD);
  }
  await app.close();
}

const header =
  'name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets';

function linesOf(category: string): string[] {
  const products: Product[] = JSON.parse(readFileSync(`/catalog/${category}.json`, 'utf8'));
  return products.map(({ slug, name, description, priceCents }) =>
    [
      ...[name, slug, description, '', `category:${category}`, '', '', slug],
      ...[(priceCents / 100).toFixed(2), 'standard', '1000000', 'true', '', ''],
    ]
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(','),
  );
}

const initialData = (categories: string[]): InitialData => ({
  defaultLanguage: LanguageCode.en,
  defaultZone: 'Europe',
  countries: [{ name: 'Germany', code: 'DE', zone: 'Europe' }],
  taxRates: [{ name: 'Standard Tax', percentage: 20 }],
  shippingMethods: [{ name: 'Standard Shipping', price: 500 }],
  paymentMethods: [
    {
      name: 'Dummy Payment',
      handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  collections: categories.map((category) => ({
    name: category,
    filters: [
      {
        code: 'facet-value-filter',
        args: { facetValueNames: [`category:${category}`], containsAny: false },
      },
    ],
  })),
});

seed().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
