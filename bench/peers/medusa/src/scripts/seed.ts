import { readdirSync, readFileSync } from 'node:fs';
import type { ExecArgs } from '@medusajs/framework/types';
import { ContainerRegistrationKeys, Modules, ProductStatus } from '@medusajs/framework/utils';
import {
  createInventoryLevelsWorkflow,
  createProductCategoriesWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createTaxRegionsWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} from '@medusajs/medusa/core-flows';

type Product = { slug: string; name: string; description: string; priceCents: number };

/** Creates a shop with the catalogue, step by step as the seed of Medusa's own starter. */
export default async function seed({ container }: ExecArgs): Promise<void> {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const fulfillment = container.resolve(Modules.FULFILLMENT);

  // Medusa creates them at its first start, with a key for storefronts.
  const [channel] = await container.resolve(Modules.SALES_CHANNEL).listSalesChannels();
  const [store] = await container.resolve(Modules.STORE).listStores();
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: store.id },
      update: { supported_currencies: [{ currency_code: 'eur', is_default: true }] },
    },
  });
  await createRegionsWorkflow(container).run({
    input: {
      regions: [
        { name: 'Europe', currency_code: 'eur', countries: ['de'], payment_providers: ['pp_settled_dummy'] },
      ],
    },
  });
  await createTaxRegionsWorkflow(container).run({
    input: [
      {
        country_code: 'de',
        provider_id: 'tp_system',
        default_tax_rate: { name: 'Standard Tax', code: 'standard', rate: 20 },
      },
    ],
  });

  const {
    result: [location],
  } = await createStockLocationsWorkflow(container).run({
    input: {
      locations: [{ name: 'Warehouse', address: { city: 'Berlin', country_code: 'DE', address_1: '' } }],
    },
  });
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: 'manual_manual' },
  });
  const {
    result: [profile],
  } = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: 'Default', type: 'default' }] },
  });
  const delivery = await fulfillment.createFulfillmentSets({
    name: 'Delivery',
    type: 'shipping',
    service_zones: [{ name: 'Europe', geo_zones: [{ country_code: 'de', type: 'country' }] }],
  });
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_set_id: delivery.id },
  });
  await createShippingOptionsWorkflow(container).run({
    input: [
      {
        name: 'Standard Shipping',
        price_type: 'flat',
        provider_id: 'manual_manual',
        service_zone_id: delivery.service_zones[0].id,
        shipping_profile_id: profile.id,
        type: { label: 'Standard', description: 'In three days.', code: 'standard' },
        prices: [{ currency_code: 'eur', amount: 5 }],
        rules: [
          { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
          { attribute: 'is_return', value: 'false', operator: 'eq' },
        ],
      },
    ],
  });
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: location.id, add: [channel.id] },
  });

  const names = readdirSync('/catalog').map((file) => file.replace('.json', ''));
  const { result: categories } = await createProductCategoriesWorkflow(container).run({
    input: { product_categories: names.map((name) => ({ name, is_active: true })) },
  });
  for (const { name, id } of categories) {
    const products: Product[] = JSON.parse(readFileSync(`/catalog/${name}.json`, 'utf8'));
    await createProductsWorkflow(container).run({
      input: {
        products: products.map(({ slug, name: title, description, priceCents }) => ({
          ...{ title, description, handle: slug, category_ids: [id] },
          status: ProductStatus.PUBLISHED,
          shipping_profile_id: profile.id,
          options: [{ title: 'Kind', values: ['Default'] }],
          variants: [
            {
              title: 'Default',
              sku: slug,
              options: { Kind: 'Default' },
              prices: [{ amount: priceCents / 100, currency_code: 'eur' }],
            },
          ],
          sales_channels: [{ id: channel.id }],
        })),
      },
    });
  }
  const { data: items } = await query.graph({ entity: 'inventory_item', fields: ['id'] });
  await createInventoryLevelsWorkflow(container).run({
    input: {
      inventory_levels: items.map(({ id }) => ({
        inventory_item_id: id,
        location_id: location.id,
        stocked_quantity: 1_000_000,
      })),
    },
  });
}
