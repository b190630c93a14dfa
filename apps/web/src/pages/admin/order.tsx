import type { AdminOrderDetail } from '@shop/contracts/admin.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, bodyOf, isProblem } from '../../api/client.ts';
import { count, moment, price } from '../../components/format.ts';
import { OrderLines } from '../../components/order-lines.tsx';
import { StatusMark } from '../../components/order-status.tsx';
import { PageMeta } from '../../components/page-meta.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { FormError } from '../../forms/field.tsx';
import { adminOrderQuery } from './queries.ts';

const route = getRouteApi('/admin/orders/$id');

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel p-5" aria-label={title}>
      <h2 className="mb-3 font-sans font-semibold tracking-normal">{title}</h2>
      {children}
    </section>
  );
}

function Payment({ payment }: Pick<AdminOrderDetail, 'payment'>) {
  if (!payment) return <p className="text-muted">The provider has not answered yet.</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
      <dt className="text-muted">Captured</dt>
      <dd className="tabular-nums">
        {price(payment.capturedCents)} {payment.capturedAt && <small>{moment(payment.capturedAt)}</small>}
      </dd>
      <dt className="text-muted">Refunded</dt>
      <dd className="tabular-nums">
        {price(payment.refundedCents)} {payment.refundedAt && <small>{moment(payment.refundedAt)}</small>}
      </dd>
      <dt className="text-muted">Reference</dt>
      <dd className="break-all">{payment.reference ?? 'none'}</dd>
      {payment.failureReason && (
        <>
          <dt className="text-muted">Failed</dt>
          <dd className="text-danger">{payment.failureReason}</dd>
        </>
      )}
    </dl>
  );
}

function Mails({ mails }: Pick<AdminOrderDetail, 'mails'>) {
  if (mails.length === 0) return <p className="text-muted">None sent yet.</p>;
  return (
    <ul className="grid gap-3">
      {mails.map((mail) => (
        <li key={mail.messageId}>
          {mail.subject}
          <p className="text-sm break-all text-muted">
            {mail.recipient} · {moment(mail.sentAt)} · {mail.messageId}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Jobs({ jobs }: Pick<AdminOrderDetail, 'jobs'>) {
  return (
    <ul className="grid gap-3">
      {jobs.map((job) => (
        <li key={job.id}>
          {job.topic}{' '}
          <span className={job.done ? 'text-accent' : 'text-muted'}>{job.done ? 'done' : 'open'}</span>
          <p className="text-sm text-muted">
            {count(job.attempts, 'attempt')}, handed over {job.publishCount}× ·{' '}
            {moment(job.doneAt ?? job.createdAt)}
          </p>
          {job.lastError && <p className="text-sm text-danger">{job.lastError}</p>}
        </li>
      ))}
    </ul>
  );
}

function ShipButton({ id }: { id: string }) {
  const queries = useQueryClient();
  const ship = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/admin/orders/{id}/ship', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: adminOrderQuery(id).queryKey }),
  });
  return (
    <div>
      <button type="button" className="button" disabled={ship.isPending} onClick={() => ship.mutate()}>
        {ship.isPending ? 'One moment…' : 'Mark as shipped'}
      </button>
      <FormError>
        {ship.error && (isProblem(ship.error) ? ship.error.message : 'No answer. Please try again.')}
      </FormError>
    </div>
  );
}

export function AdminOrderPage() {
  const { id } = route.useParams();
  const { data: order, error, refetch } = useQuery(adminOrderQuery(id));
  if (error && !order) return <Failure error={error} retry={() => void refetch()} />;
  if (!order) return <Skeleton className="h-96 w-full rounded-3xl" />;
  return (
    <>
      <PageMeta title={`Order ${order.number}`} />
      <div className="flex flex-wrap items-center gap-4">
        <h1 className="text-title">Order {order.number}</h1>
        <StatusMark status={order.status} />
        {order.status === 'paid' && <ShipButton id={id} />}
      </div>
      <p className="mt-2 text-muted">
        {order.customer.name}, {order.customer.email} · {moment(order.placedAt)}
      </p>
      <div className="mt-8 grid items-start gap-5 lg:grid-cols-2">
        <OrderLines lines={order.items} totalCents={order.totalCents} />
        <div className="grid gap-5">
          <Part title="Payment">
            <Payment payment={order.payment} />
          </Part>
          <Part title="Mails">
            <Mails mails={order.mails} />
          </Part>
          <Part title="Jobs">
            <Jobs jobs={order.jobs} />
          </Part>
        </div>
      </div>
    </>
  );
}
