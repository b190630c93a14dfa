import Cookies from 'js-cookie';

/**
 * The session cookie is invisible to scripts. This one says only that there is one, so that a guest's page need not
 * ask (and be refused). A cookie, because both edges share it; the sessions themselves are the API's business.
 */
const name = 'signed-in';

export const maySignedIn = () => Cookies.get(name) === '1';
export const rememberSignedIn = () => Cookies.set(name, '1', { expires: 30, sameSite: 'Lax' });
export const forgetSignedIn = () => Cookies.remove(name);
