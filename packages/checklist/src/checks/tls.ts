import { type Check, fail, notCheckable, pass } from '../facts.ts';

/** Enough time for a renewal that fails at first. */
const leastDays = 30;
const dayMs = 24 * 3600 * 1000;

export const tlsExpiry: Check = {
  title: `TLS is served, with a certificate that is valid for another ${leastDays} days`,
  where: 'infra/secrets/: makes it; infra/edge/nginx/nginx.conf: serves it',
  run: ({ certificates, now }) => {
    if (certificates.length === 0) return fail('no edge answers over TLS');
    const left = certificates.map(({ edge, validTo }) => ({
      edge,
      days: Math.floor((validTo.getTime() - now.getTime()) / dayMs),
    }));
    const tell = left.map(({ edge, days }) => `${edge}: ${days} days`).join(', ');
    return left.some(({ days }) => days < leastDays) ? fail(`renew it: ${tell}`) : pass(tell);
  },
};

export const tlsTrusted: Check = {
  title: 'clients trust the certificate',
  where: 'infra/secrets/',
  run: ({ certificates }) => {
    if (certificates.length === 0) return notCheckable('no edge answers over TLS');
    const own = certificates.filter(({ selfSigned }) => selfSigned).map(({ edge }) => edge);
    if (own.length === 0) return pass('signed by an authority');
    return fail(`self-signed at ${own.join(', ')}: a browser warns; a public host needs one of an authority`);
  },
};
