import type { Answer, Send } from '@shop/load/samples.ts';

/**
 * Gives each call a client that no other call uses meanwhile: the steps of an order must not meet in one cart. There are
 * as many clients as calls at the same time.
 */
export function withFreeClient<Client>(clients: Client[], call: (client: Client) => Promise<Answer>): Send {
  const free = [...clients];
  return async () => {
    const client = free.shift()!;
    try {
      return await call(client);
    } finally {
      free.push(client);
    }
  };
}
