import { withPassword } from '@shop/database/connection.ts';
import { isTransient } from '@shop/database/errors.ts';
import pRetry from 'p-retry';
import pg from 'pg';

/**
 * Runs `work` on a connection of its own to the primary, not through PgBouncer. It runs again from the start when the
 * server goes away, for example in a failover: `work` must be safe to repeat.
 */
export async function withPrimary<T>(
  url: string,
  password: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return await pRetry(
    async () => {
      const client = new pg.Client({
        connectionString: withPassword(url, password),
        connectionTimeoutMillis: 5_000,
      });
      // The query in progress rejects as well. Without a listener this event would end the process.
      client.on('error', () => {});
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    },
    {
      retries: 30,
      minTimeout: 500,
      maxTimeout: 2_000,
      shouldRetry: ({ error }) => isTransient(error),
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (retriesLeft && isTransient(error)) console.error(`${error.message}: trying again`);
      },
    },
  );
}
