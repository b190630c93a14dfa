import { randomUUID } from 'node:crypto';
import { CookieJar } from 'tough-cookie';
import { Agent, request } from 'undici';

/** An answer of the shop; `body` is the parsed JSON, or the text where it is none. */
export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: a black-box client knows no types
  body: any;
  servedBy: string;
};

export type CallOptions = {
  /** Sent as JSON, unless it is text or bytes already. */
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Another edge than the client's own; the cookies are valid on both. */
  edge?: string;
};

/**
 * One shopper's HTTP client, written from the contract alone: a cookie jar, one edge, one attempt for each call. It
 * retries nothing, so its caller sees exactly what the shop answered.
 */
export class ShopClient {
  readonly edge: string;
  readonly #jar: CookieJar;
  readonly #agent: Agent;

  constructor(edge: string, agent: Agent = sharedAgent, jar = new CookieJar()) {
    this.edge = edge;
    this.#agent = agent;
    this.#jar = jar;
  }

  /** A client with the present cookies, for example those from before a logout. */
  snapshot(): ShopClient {
    return new ShopClient(this.edge, this.#agent, this.#jar.cloneSync());
  }

  /** The present cookies as a header, for another program that calls in this shopper's name. */
  async cookieHeader(): Promise<string> {
    return await this.#jar.getCookieString(this.edge);
  }

  /** A client with the present cookies except one. */
  without(cookieName: string): ShopClient {
    const all = this.#jar.serializeSync();
    if (!all) throw new Error('the cookie jar cannot be copied');
    const cookies = all.cookies.filter(({ key }) => key !== cookieName);
    return new ShopClient(this.edge, this.#agent, CookieJar.deserializeSync({ ...all, cookies }));
  }

  /** @throws when no answer came. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    const response = await this.#send(method, path, options);
    const text = await response.body.text();
    return {
      status: response.statusCode,
      headers: response.headers,
      body: parse(text),
      servedBy: String(response.headers['x-served-by'] ?? ''),
    };
  }

  /** The body of a GET, byte for byte. @throws when the status is not 200. */
  async download(path: string): Promise<Buffer> {
    const response = await this.#send('GET', path, {});
    if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode}`);
    return Buffer.from(await response.body.arrayBuffer());
  }

  async #send(
    method: string,
    path: string,
    { body, key, headers = {}, signal, edge = this.edge }: CallOptions,
  ) {
    const url = new URL(path, edge);
    const cookie = await this.#jar.getCookieString(url.href);
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await request(url, {
      method: method as 'GET',
      dispatcher: this.#agent,
      signal,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      await this.#jar.setCookie(line, url.href, { ignoreError: true });
    }
    return response;
  }

  get(path: string, options?: CallOptions) {
    return this.call('GET', path, options);
  }
  post(path: string, options?: CallOptions) {
    return this.call('POST', path, options);
  }
  put(path: string, options?: CallOptions) {
    return this.call('PUT', path, options);
  }
  patch(path: string, options?: CallOptions) {
    return this.call('PATCH', path, options);
  }
  delete(path: string, options?: CallOptions) {
    return this.call('DELETE', path, options);
  }

  /** Registers a new customer and is logged in afterwards. */
  async register(name = 'Robin Reader'): Promise<{ id: string; email: string; password: string }> {
    const email = `shopper-${randomUUID()}@example.com`;
    const password = randomUUID();
    const reply = await this.post('/api/auth/register', {
      body: { email, password, name },
      key: randomUUID(),
    });
    if (reply.status !== 201) throw new Error(`register: ${reply.status} ${JSON.stringify(reply.body)}`);
    return { id: reply.body.id, email, password };
  }

  async login(email: string, password: string): Promise<Reply> {
    return await this.post('/api/auth/login', { body: { email, password } });
  }
}

const sharedAgent = new Agent({ connections: 256, headersTimeout: 30_000, bodyTimeout: 30_000 });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
