import Cookies from 'js-cookie';

/**
 * The session cookie is invisible to scripts. This cookie names the customer that logged in last, so that a guest's page
 * need not ask for one (and be refused), and a tab notices that another tab has logged in or out. Both edges share it.
 * It opens nothing: whose session it is, the API decides.
 */
const name = 'signed-in';

/** The id of the customer, as far as this browser knows. */
export const signedInAs = (): string | undefined => Cookies.get(name);
export const rememberSignedIn = (id: string) => Cookies.set(name, id, { expires: 30, sameSite: 'Lax' });
export const forgetSignedIn = () => Cookies.remove(name);
