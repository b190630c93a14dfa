import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ShoppingBag, SlidersHorizontal, User } from 'lucide';
import { cartQuery, meQuery } from '../api/queries.ts';
import { count } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { shopName } from '../components/page-meta.tsx';
import { Search } from './search.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

function CartLink() {
  const { data: pieces } = useQuery({
    ...cartQuery,
    select: (cart) => cart.items.reduce((sum, line) => sum + line.quantity, 0),
  });
  const label = pieces === undefined ? 'Cart' : `Cart, ${count(pieces, 'piece')}`;
  return (
    <Link to="/cart" className="icon-button relative" aria-label={label}>
      <Icon of={ShoppingBag} size={21} />
      {pieces !== undefined && pieces > 0 && (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs font-bold text-on-accent tabular-nums"
        >
          {pieces}
        </span>
      )}
    </Link>
  );
}

export function Header() {
  const { data: me } = useQuery(meQuery);
  return (
    <header className="top-0 z-30 md:sticky border-b border-line/70 bg-ground/92 backdrop-blur-md">
      <div className="page flex flex-wrap items-center gap-x-4 gap-y-2 py-3 md:flex-nowrap md:gap-x-8">
        <Link
          to="/"
          className="mr-auto shrink-0 rounded-md font-display text-[1.75rem] leading-none font-medium tracking-tight md:mr-0"
        >
          {shopName}
          <span className="text-accent">.</span>
        </Link>
        <div className="order-last w-full md:order-none md:mx-auto md:max-w-xl">
          <Search />
        </div>
        <nav aria-label="Account and cart" className="flex items-center gap-0.5">
          {me?.role === 'admin' && (
            <Link to="/admin" className="icon-button" aria-label="Administration" title="Administration">
              <Icon of={SlidersHorizontal} size={20} />
            </Link>
          )}
          <ThemeSwitch />
          <Link
            to={me ? '/account' : '/login'}
            className="icon-button"
            aria-label={me ? `Account of ${me.name}` : 'Log in'}
          >
            <Icon of={User} size={21} />
          </Link>
          <CartLink />
        </nav>
      </div>
    </header>
  );
}
