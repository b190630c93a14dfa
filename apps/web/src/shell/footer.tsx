import { Link } from '@tanstack/react-router';
import { useObservable } from '../api/observable.ts';
import { shopName } from '../components/page-meta.tsx';
import { badgeShown, chooseBadge } from '../session/badge-choice.ts';

const heading = 'mb-2 font-sans text-sm font-semibold tracking-normal text-muted';
const item = 'inline-block py-1 hover:text-accent';

function BadgeSwitch() {
  const shown = useObservable(badgeShown);
  return (
    <button type="button" className={`${item} print:hidden`} onClick={() => chooseBadge(!shown)}>
      {shown ? 'Hide which servers answer' : 'Show which servers answer'}
    </button>
  );
}

export function Footer() {
  return (
    <footer className="mt-28 border-t border-line bg-sunken/50">
      <div className="page grid gap-10 py-14 sm:grid-cols-[1.6fr_1fr_1fr_1fr]">
        <div>
          <p className="font-display text-2xl font-medium">
            {shopName}
            <span className="text-accent">.</span>
          </p>
          <p className="mt-2 max-w-xs text-muted text-pretty">
            Good things for every day, from a shop that stays open whatever happens behind the counter.
          </p>
        </div>
        <nav aria-labelledby="footer-shop">
          <h2 id="footer-shop" className={heading}>
            Shop
          </h2>
          <Link to="/search" search={{ sort: 'newest' }} className={item}>
            New arrivals
          </Link>
          <br />
          <Link to="/search" search={{ sort: 'rating' }} className={item}>
            Best rated
          </Link>
        </nav>
        <nav aria-labelledby="footer-you">
          <h2 id="footer-you" className={heading}>
            Yours
          </h2>
          <Link to="/orders" className={item}>
            Orders
          </Link>
          <br />
          <Link to="/account" className={item}>
            Account
          </Link>
        </nav>
        <nav aria-labelledby="footer-system">
          <h2 id="footer-system" className={heading}>
            Behind the counter
          </h2>
          <a href="/system" className={item}>
            How the shop runs
          </a>
          <br />
          <a href="/api/docs" className={item}>
            API reference
          </a>
          <br />
          <BadgeSwitch />
        </nav>
      </div>
    </footer>
  );
}
