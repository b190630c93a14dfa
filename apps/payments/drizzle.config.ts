import { defineConfig } from 'drizzle-kit';

/**
 * `node cli/bootstrap.mjs exec pnpm --filter @shop/payments exec drizzle-kit generate` writes the next migration from
 * the schema.
 */
export default defineConfig({
  dialect: 'postgresql',
  casing: 'snake_case',
  schema: './src/schema.ts',
  out: './migrations',
});
