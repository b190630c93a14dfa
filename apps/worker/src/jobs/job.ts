import type { Payload, Topic } from '@shop/contracts/jobs.ts';
import type { Database } from '@shop/database/database.ts';
import type { Transporter } from 'nodemailer';
import type { CatalogCache } from '../catalog-cache.ts';
import type { Objects } from '../objects.ts';
import type { PaymentProvider } from '../payment-provider.ts';

/** What jobs work with. */
export type Services = {
  db: Database;
  provider: PaymentProvider;
  mailer: Transporter;
  objects: Objects;
  catalogCache: CatalogCache;
};

/** `id` is that of the outbox row. */
export type Event<T extends Topic> = { id: string; payload: Payload<T> };

/**
 * A job may run any number of times, also twice at once: each says in its header why that is safe. It returns when
 * the event's row is marked done in the transaction of its effect, and throws to be tried again later.
 */
export type JobHandler<T extends Topic> = (services: Services, event: Event<T>) => Promise<void>;
