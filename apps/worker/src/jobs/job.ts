import type { Payload, Topic } from '@shop/contracts/jobs.ts';
import type { Database } from '@shop/database/database.ts';
import type { Transporter } from 'nodemailer';
import type { CatalogCache } from '../catalog-cache.ts';
import type { EffectRecords } from '../effect-records.ts';
import type { Objects } from '../objects.ts';
import type { JobRun } from '../outbox.repository.ts';
import type { PaymentProvider } from '../payment-provider.ts';

/** The stores and clients that jobs use. */
export type Services = {
  db: Database;
  provider: PaymentProvider;
  mailer: Transporter;
  objects: Objects;
  catalogCache: CatalogCache;
  records: EffectRecords;
};

/** `id` is the id of the outbox row; `runs` is how often the queue has started this job. */
export type Event<T extends Topic> = JobRun & { payload: Payload<T> };

/**
 * A job may run any number of times, also twice at once. The header of each job says why that is safe. A job returns
 * when its event is marked done, in the transaction of its effect. It throws to be tried again later.
 */
export type JobHandler<T extends Topic> = (services: Services, event: Event<T>) => Promise<void>;
