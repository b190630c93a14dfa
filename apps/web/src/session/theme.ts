import Cookies from 'js-cookie';
import { Observable } from '../api/observable.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const name = 'theme';
const chosen = Cookies.get(name);

export const theme = new Observable<Theme>(chosen === 'light' || chosen === 'dark' ? chosen : 'system');

/** Applies the choice and stores it in a cookie, which theme.js reads before the first paint. */
export function chooseTheme(next: Theme): void {
  theme.update(() => next);
  if (next === 'system') {
    delete document.documentElement.dataset.theme;
    Cookies.remove(name);
  } else {
    document.documentElement.dataset.theme = next;
    Cookies.set(name, next, { expires: 365, sameSite: 'Lax' });
  }
}
