/**
 * Vitest runs this before the integration tests.
 *
 * @throws outside of the network of the stores, with the command that runs the tests inside.
 */
export default function requireStores(): void {
  if (process.env.DATABASE_PRIMARY_URL) return;
  throw new Error(
    'No stores are named (DATABASE_PRIMARY_URL is not set), so no test has run.\n' +
      'Integration tests run in a container inside the network of the stores. `npm test` starts it:\n\n' +
      '  npm test -- --keep FILE\n',
  );
}
