import type { Topic } from '@shop/contracts/jobs.ts';
import { capturePayment } from './capture-payment.ts';
import type { JobHandler } from './job.ts';
import { processPicture } from './process-picture.ts';
import { refundPayment } from './refund-payment.ts';
import { sendConfirmation } from './send-confirmation.ts';

/** One handler for each topic. */
export const handlers: { [T in Topic]: JobHandler<T> } = {
  'payment.capture': capturePayment,
  'payment.refund': refundPayment,
  'mail.order-confirmation': sendConfirmation,
  'picture.process': processPicture,
};
