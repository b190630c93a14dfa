import Cookies from 'js-cookie';
import { Observable } from '../api/observable.ts';

/** Whether the badge about the system is shown. Without a choice, it is on large screens only. */
const name = 'system-badge';
const chosen = Cookies.get(name);

export const badgeShown = new Observable<boolean>(
  chosen === undefined ? matchMedia('(min-width: 768px)').matches : chosen === 'shown',
);

/** The choice is a cookie, which both edges share. */
export function chooseBadge(shown: boolean): void {
  badgeShown.update(() => shown);
  Cookies.set(name, shown ? 'shown' : 'hidden', { expires: 365, sameSite: 'Lax' });
}
