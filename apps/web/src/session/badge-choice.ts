import Cookies from 'js-cookie';
import { Observable } from '../api/observable.ts';

/** Whether the badge about the system is shown. Without a choice, it is on large screens only. */
const name = 'system-badge';
const chosen = Cookies.get(name);

export const badgeShown = new Observable<boolean>(
  chosen === undefined ? matchMedia('(min-width: 768px)').matches : chosen === 'shown',
);

/** A cookie has the choice, because both edges share cookies. */
export function chooseBadge(shown: boolean): void {
  badgeShown.update(() => shown);
  Cookies.set(name, shown ? 'shown' : 'hidden', { expires: 365, sameSite: 'Lax' });
}
