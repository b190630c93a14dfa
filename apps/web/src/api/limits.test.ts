import * as cart from '@shop/contracts/cart.ts';
import * as catalog from '@shop/contracts/catalog.ts';
import * as uploads from '@shop/contracts/uploads.ts';
import { expect, test } from 'vitest';
import * as limits from './limits.ts';

test('the page and the contract agree', () => {
  expect(limits).toMatchObject({
    sorts: catalog.sorts,
    maxQuantity: cart.maxQuantity,
    maxPriceCents: catalog.maxPriceCents,
    maxQueryLength: (catalog.ProductQuery.properties.q as { maxLength?: number }).maxLength,
    maxUploadBytes: uploads.maxUploadBytes,
    pictureTypes: uploads.pictureTypes,
  });
});
