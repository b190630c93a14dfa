import { Link, Outlet } from '@tanstack/react-router';

const tools = [
  { href: '/api/admin/queues', name: 'Queues' },
  { href: '/mail/', name: 'Mails' },
  { href: '/prometheus/', name: 'Metrics' },
];

/** The frame of all admin pages: links to each of them, and to the tools behind the same login. */
export function AdminFrame() {
  return (
    <div className="page max-w-6xl pt-8">
      <nav
        aria-label="Administration"
        className="mb-8 flex flex-wrap gap-2 border-b border-line pb-5 text-sm"
      >
        <Link to="/admin/orders" className="chip">
          Orders
        </Link>
        <Link to="/admin/products" className="chip">
          Products
        </Link>
        <Link to="/admin/uploads" className="chip">
          Uploads
        </Link>
        {tools.map(({ href, name }) => (
          <a key={href} href={href} className="chip text-muted">
            {name} <span aria-hidden>&nbsp;↗</span>
          </a>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
