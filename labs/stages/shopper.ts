import { randomBytes, randomUUID } from 'node:crypto';
import { type CallOptions, type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import pWaitFor from 'p-wait-for';
import { entrancesOf, pictureOriginsOf, type Stage } from './stage.ts';

/** Longer than the app waits for two silent stores, one after the other. */
const patienceMs = 4_000;
/** How long a shopper looks again for something that should be there soon. */
const soonMs = 3_000;
/** Longer than a stage needs on a busy machine until all of its boxes serve. */
const readyMs = 60_000;

const binary = { 'content-type': 'application/octet-stream' };

/** A shopper of a stage, with a name, a session and cookies of its own. */
export class Shopper {
  readonly name = `shopper-${randomUUID()}`;
  readonly #entrances: string[];
  readonly #pictures: string[];
  readonly #client: ShopClient;
  #orderId = '';

  constructor(stage: Stage) {
    this.#entrances = entrancesOf(stage);
    this.#pictures = pictureOriginsOf(stage);
    this.#client = new ShopClient(this.#entrances[0]!);
  }

  /** A shopper that has signed in, ordered, uploaded a picture and seen it. Tries again until the stage can do all of that. */
  static async inside(stage: Stage, signal: AbortSignal): Promise<Shopper> {
    const enter = async () => {
      const shopper = new Shopper(stage);
      const isInside =
        (await shopper.signIn()) &&
        (await shopper.order()) &&
        (await shopper.isConfirmed()) &&
        (await shopper.upload(shopper.name)) &&
        (await shopper.seesPicture());
      return isInside && pWaitFor.resolveWith(shopper);
    };
    const message = `the stage ${stage} does not serve a shopper`;
    return await pWaitFor(enter, { interval: 250, signal, timeout: { milliseconds: readyMs, message } });
  }

  /** Sends a call to each origin in turn, until one answers. @throws when none does. */
  async #call(
    method: string,
    path: string,
    options: CallOptions = {},
    origins = this.#entrances,
  ): Promise<Reply> {
    let failure: unknown;
    for (const edge of origins) {
      const signal = AbortSignal.timeout(patienceMs);
      try {
        return await this.#client.call(method, path, { ...options, edge, signal });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Whether a call is answered with this status. */
  async #gets(status: number, ...call: Parameters<ShopClient['call']>): Promise<boolean> {
    return await this.#call(...call).then(
      (reply) => reply.status === status,
      () => false,
    );
  }

  async browse(): Promise<boolean> {
    return await this.#gets(200, 'GET', '/products');
  }

  async signIn(): Promise<boolean> {
    return await this.#gets(201, 'POST', '/session', { body: { name: this.name } });
  }

  async isSignedIn(): Promise<boolean> {
    return await this.#gets(200, 'GET', '/session');
  }

  /** Whether the app answers, and no longer knows this shopper. */
  async isSignedOut(): Promise<boolean> {
    return await this.#gets(401, 'GET', '/session');
  }

  async fillCart(): Promise<boolean> {
    return await this.#gets(200, 'PUT', '/cart/7');
  }

  /** Places an order, which the questions below are about. */
  async order(): Promise<boolean> {
    const reply = await this.#call('POST', '/orders', { body: { product: 7 } }).catch(() => undefined);
    if (reply?.status !== 201) return false;
    this.#orderId = reply.body.id;
    return true;
  }

  async #orderSeen(): Promise<{ confirmed: number } | undefined> {
    const reply = await this.#call('GET', '/orders').catch(() => undefined);
    if (reply?.status !== 200) return undefined;
    return reply.body.find(({ id }: { id: string }) => id === this.#orderId);
  }

  /** Whether the own order is shown. */
  async seesOrder(): Promise<boolean> {
    return Boolean(await this.#orderSeen());
  }

  /** Whether the own order is confirmed within three seconds. */
  async isConfirmed(): Promise<boolean> {
    return await eventually(async () => (await this.#orderSeen())?.confirmed === 1);
  }

  /** Whether the own order is shown within three seconds: a replica may be behind. */
  async findsOrder(): Promise<boolean> {
    return await eventually(() => this.seesOrder());
  }

  async upload(name: string = randomUUID()): Promise<boolean> {
    return await this.#gets(204, 'PUT', `/pictures/${name}`, { body: randomBytes(2000), headers: binary });
  }

  /** Whether the picture that this shopper has uploaded is shown. */
  async seesPicture(): Promise<boolean> {
    const reply = await this.#call('GET', `/pictures/${this.name}`, {}, this.#pictures).catch(
      () => undefined,
    );
    return reply?.status === 200;
  }
}

async function eventually(holds: () => Promise<boolean>): Promise<boolean> {
  return await pWaitFor(holds, { interval: 100, timeout: { milliseconds: soonMs } }).then(
    () => true,
    () => false,
  );
}
