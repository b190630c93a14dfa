/// <reference lib="webworker" />
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, PrecacheFallbackPlugin, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkOnly } from 'workbox-strategies';

/**
 * Keeps the shell of the shop: a page opens also while its edge is gone, and goes on at the other (api/edges.ts).
 * Everything else passes by.
 *
 * A release never breaks an open tab. The worker of the new one waits until the tabs of the old one are closed, and all
 * that these may still load is kept until then. Meanwhile each page that is opened comes from the network first: so a
 * new release shows at once.
 */
declare const self: ServiceWorkerGlobalScope;

/** Longer than a slow network takes for the page; then the one that is kept is shown. */
const networkTimeoutSeconds = 3;

/** The pages of the shop, as infra/edge/nginx/static.conf knows them; tools and documents are none. */
const pages =
  /^\/(?:$|(?:search|cart|checkout|login|register|account|orders|category|product|admin)(?:\/|$))/;

// Also the tab that has just installed it: what it loads later is kept from then on.
clientsClaim();
cleanupOutdatedCaches();
// "/" is a page like every other: from the network first.
precacheAndRoute(self.__WB_MANIFEST, { directoryIndex: '' });

registerRoute(
  ({ request, sameOrigin, url }) => sameOrigin && request.mode === 'navigate' && pages.test(url.pathname),
  new NetworkOnly({
    networkTimeoutSeconds,
    plugins: [new PrecacheFallbackPlugin({ fallbackURL: '/index.html' })],
  }),
);
