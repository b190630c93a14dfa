import { randomUUID } from 'node:crypto';
import { AbstractPaymentProvider } from '@medusajs/framework/utils';

/**
 * A dummy provider that captures when it authorizes, as Stripe's does with `capture: true`. Medusa's own dummy, `system`, only
 * authorizes: an administrator captures later.
 */
export default class SettledPayment extends AbstractPaymentProvider {
  static identifier = 'settled';

  // The base's constructor is protected.
  constructor(container: Record<string, unknown>) {
    super(container);
  }

  async initiatePayment() {
    return { id: randomUUID(), data: {} };
  }
  async authorizePayment() {
    return { data: {}, status: 'captured' as const };
  }
  async getPaymentStatus() {
    return { data: {}, status: 'captured' as const };
  }
  async capturePayment() {
    return { data: {} };
  }
  async cancelPayment() {
    return { data: {} };
  }
  async deletePayment() {
    return { data: {} };
  }
  async refundPayment() {
    return { data: {} };
  }
  async retrievePayment() {
    return { data: {} };
  }
  async updatePayment() {
    return { data: {} };
  }
  async getWebhookActionAndData() {
    return { action: 'not_supported' as const };
  }
}
