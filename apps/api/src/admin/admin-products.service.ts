import {
  type AdminProduct,
  maxStock,
  type NewProductBody,
  type ProductPatchBody,
  type StockBody,
} from '@shop/contracts/admin.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { violatedConstraint } from '@shop/database/errors.ts';
import { changeStock, lockProducts } from '@shop/database/stock.ts';
import { v7 as uuid } from 'uuid';
import { ProblemError, validationError } from '../problem-error.ts';
import {
  addPriceChange,
  findCategory,
  findProduct,
  insertProduct,
  type ProductPictures,
  updateProduct,
} from './admin-products.repository.ts';
import { picturesOfUpload } from './product-pictures.ts';

/**
 * Creates a product, which is for sale at once. Without a picture of its own it shows the picture of its category.
 *
 * @throws ProblemError `slug-taken`, `upload-not-ready`, or `validation-failed` for an unknown category or upload.
 */
export async function createProduct(
  tx: Transaction,
  adminId: string,
  { uploadId, stock, ...fields }: NewProductBody,
): Promise<AdminProduct> {
  const category = await findCategory(tx, fields.category);
  if (!category) throw unknownCategory();
  const pictures: ProductPictures = uploadId
    ? await picturesOfUpload(tx, adminId, uploadId)
    : { imageUrl: category.imageUrl, images: [] };
  // The stock starts at 0: every change of a stock, also the first one, is recorded.
  const product = await rejectTakenSlug(insertProduct(tx, { id: uuid(), ...fields, ...pictures, stock: 0 }));
  if (stock > 0) await changeStock(tx, [{ productId: product.id, delta: stock }], { reason: 'initial' });
  return { ...product, stock };
}

/**
 * Changes a product. A new price is recorded together with the old one. @throws ProblemError `not-found`, and as
 * `createProduct`.
 */
export async function editProduct(
  tx: Transaction,
  { adminId, productId }: { adminId: string; productId: string },
  { uploadId, ...fields }: ProductPatchBody,
): Promise<AdminProduct> {
  if (fields.category !== undefined && !(await findCategory(tx, fields.category))) throw unknownCategory();
  const pictures = uploadId ? await picturesOfUpload(tx, adminId, uploadId) : {};
  const [before] = await lockProducts(tx, [productId]);
  const product = await rejectTakenSlug(updateProduct(tx, productId, { ...fields, ...pictures }));
  if (!before || !product) throw new ProblemError('not-found');
  const [beforeCents, afterCents] = [before.priceCents, product.priceCents];
  if (beforeCents !== afterCents) {
    await addPriceChange(tx, { id: uuid(), productId, beforeCents, afterCents, changedBy: adminId });
  }
  return product;
}

/** @throws ProblemError `not-found`, `stock-negative`, or `validation-failed` when the stock would be beyond its limit. */
export async function adjustStock(
  tx: Transaction,
  productId: string,
  { delta, reason }: StockBody,
): Promise<AdminProduct> {
  const [locked] = await lockProducts(tx, [productId]);
  if (!locked) throw new ProblemError('not-found');
  if (locked.stock + delta > maxStock)
    throw validationError('/body/delta', `The stock would be over ${maxStock}`);
  const changed = await changeStock(tx, [{ productId, delta }], { reason });
  if (changed === 0) throw new ProblemError('stock-negative', { detail: `There are ${locked.stock}` });
  const product = await findProduct(tx, productId);
  if (!product) throw new Error('the product vanished while it was locked');
  return product;
}

const unknownCategory = () => validationError('/body/category', 'There is no such category');

async function rejectTakenSlug<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error) === 'products_slug_unique') throw new ProblemError('slug-taken');
    throw error;
  }
}
