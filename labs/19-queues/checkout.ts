import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import pLimit from 'p-limit';

/**
 * A checkout as in the first version of many shops, only for orders. It passes each order on to the shop's API. If the
 * balancer sends `x-payment: in-the-request`, the checkout also captures the payment before it answers; otherwise the worker
 * does so after the answer.
 */

/** The limit of concurrent orders, as in a server with ten processes or threads. Further orders wait. */
const places = pLimit(10);

const order = async (request: IncomingMessage): Promise<Response> => {
  const { host, connection, 'content-length': length, ...headers } = request.headers;
  const placed = await fetch(`http://api:3000${request.url}`, {
    method: request.method,
    headers: headers as Record<string, string>,
    body: new Uint8Array(await buffer(request)),
  });
  const text = await placed.text();
  if (placed.status === 201 && request.headers['x-payment'] === 'in-the-request') {
    const { id, totalCents } = JSON.parse(text);
    const captured = await fetch('http://payments:3000/captures', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orderId: id, amountCents: totalCents }),
    });
    await captured.body?.cancel();
    if (!captured.ok) return new Response('the provider did not take the money', { status: 502 });
  }
  return new Response(text, { status: placed.status, headers: placed.headers });
};

createServer(async (request, response) => {
  const answer = await places(() => order(request)).catch(
    (error) => new Response(`${error}`, { status: 502 }),
  );
  const body = await answer.text();
  const type = answer.headers.get('content-type') ?? 'text/plain';
  response.writeHead(answer.status, { 'content-type': type }).end(body);
}).listen(3000);
