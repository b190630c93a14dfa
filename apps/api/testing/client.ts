import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { App } from './app.ts';

type Method = NonNullable<InjectOptions['method']>;
export type Response = LightMyRequestResponse;

/** A client of the API with a cookie jar. `https`: the edge that forwards its requests says that they came over TLS. */
export class TestClient {
  readonly cookies = new Map<string, string>();
  readonly #app: App;
  readonly #headers: Record<string, string>;

  constructor(app: App, { https = false }: { https?: boolean } = {}) {
    this.#app = app;
    this.#headers = https ? { 'x-forwarded-proto': 'https' } : {};
  }

  get = (url: string, headers?: Record<string, string>) => this.send('GET', url, undefined, headers);
  post = (url: string, body?: object | string, headers?: Record<string, string>) =>
    this.send('POST', url, body, headers);
  put = (url: string, body?: object, headers?: Record<string, string>) =>
    this.send('PUT', url, body, headers);
  patch = (url: string, body?: object, headers?: Record<string, string>) =>
    this.send('PATCH', url, body, headers);
  delete = (url: string, headers?: Record<string, string>) => this.send('DELETE', url, undefined, headers);

  async send(
    method: Method,
    url: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await this.#app.inject({
      method,
      url,
      cookies: Object.fromEntries(this.cookies),
      headers: {
        ...this.#headers,
        ...(typeof body === 'string' && { 'content-type': 'application/json' }),
        ...headers,
      },
      payload: body,
    });
    this.#remember(response);
    return response;
  }

  /** Another client with the same cookies, as they are now. */
  copy(): TestClient {
    const copy = new TestClient(this.#app);
    Object.assign(copy.#headers, this.#headers);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  #remember({ cookies }: Response): void {
    for (const { name, value, expires, maxAge } of cookies) {
      const expired = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
      if (expired) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
