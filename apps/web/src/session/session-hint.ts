import Cookies from 'js-cookie';

/**
 * Scripts cannot see the session cookie. This cookie names the customer that logged in last, so that a guest's page
 * need not ask for one (and be refused), and a tab notices that another tab has logged in or out. Both edges share it.
 * It gives no access: the API checks the session.
 */
const name = 'signed-in';

/** The customer's id, as far as this browser knows it. */
export const signedInAs = (): string | undefined => Cookies.get(name);
export const rememberSignedIn = (id: string) => Cookies.set(name, id, { expires: 30, sameSite: 'Lax' });
export const forgetSignedIn = () => Cookies.remove(name);
