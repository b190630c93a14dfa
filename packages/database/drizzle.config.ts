import { defineConfig } from 'drizzle-kit';

/** `npm run migration -- <name>` writes the next migration from the schema. */
export default defineConfig({
  dialect: 'postgresql',
  casing: 'snake_case',
  schema: './src/schema/*.ts',
  out: './migrations',
});
