import type { Order } from '@shop/contracts/orders.ts';
import { Check, X } from 'lucide';
import { Icon } from './icon.tsx';

type Status = Order['status'];

export const statusNames: Record<Status, string> = {
  placed: 'Placed',
  paid: 'Paid',
  shipped: 'Shipped',
  cancelled: 'Cancelled',
  'payment-failed': 'Payment failed',
};

export const statusNotes: Record<Status, string> = {
  placed: 'We have it, and are taking the payment. This page moves on by itself.',
  paid: 'Paid, and waiting to be packed. You can still cancel; you get your money back.',
  shipped: 'It is on its way to you.',
  cancelled: 'You cancelled it. What was paid is paid back, and the things are on the shelves again.',
  'payment-failed':
    'The payment was declined. Nothing was taken, and nothing will be sent. You can order again.',
};

const ended = (status: Status) => status === 'cancelled' || status === 'payment-failed';

export function StatusMark({ status }: { status: Status }) {
  const tone = ended(status)
    ? 'bg-danger/10 text-danger'
    : status === 'shipped'
      ? 'bg-accent text-on-accent'
      : 'bg-accent/12 text-accent-strong';
  return (
    <span className={`inline-block rounded-full px-3 py-1 text-sm font-semibold ${tone}`}>
      {statusNames[status]}
    </span>
  );
}

/** The steps of an order: placed, paid, shipped. */
export function StatusPath({ status }: { status: Status }) {
  const steps: Status[] = ended(status) ? ['placed', status] : ['placed', 'paid', 'shipped'];
  const reached = steps.indexOf(status);
  return (
    <ol className="flex items-center gap-1.5 sm:gap-3">
      {steps.map((step, index) => {
        const done = index <= reached;
        return (
          <li
            key={step}
            aria-current={index === reached ? 'step' : undefined}
            className={`flex items-center gap-1.5 sm:gap-3 ${done ? '' : 'text-muted'} ${index > 0 ? 'flex-1' : ''}`}
          >
            {index > 0 && (
              <span aria-hidden className={`h-px min-w-2 flex-1 ${done ? 'bg-accent' : 'bg-line'}`} />
            )}
            <span
              aria-hidden
              className={`grid size-7 shrink-0 place-items-center rounded-full ${
                !done
                  ? 'border border-line'
                  : ended(step)
                    ? 'bg-danger text-ground'
                    : 'bg-accent text-on-accent'
              }`}
            >
              {done && (ended(step) ? <Icon of={X} size={15} /> : <Icon of={Check} size={15} />)}
            </span>
            <span className="font-semibold">{statusNames[step]}</span>
          </li>
        );
      })}
    </ol>
  );
}
