/// <reference lib="webworker" />
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, PrecacheFallbackPlugin, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkOnly } from 'workbox-strategies';

/**
 * Keeps a copy of the shop's shell. So a page also opens while its edge is gone, and continues at the other edge
 * (api/edges.ts). All other requests go to the network.
 *
 * A release never breaks an open tab. The service worker of the new release waits until all tabs of the old one are
 * closed, and keeps everything that these may still load. Meanwhile each page that is opened comes from the network
 * first, so a new release shows at once.
 */
declare const self: ServiceWorkerGlobalScope;

/** Longer than a slow network takes for the page; after that the copy is shown. */
const networkTimeoutSeconds = 3;

/** The pages of the shop, as infra/edge/nginx/page-paths.conf has them; tools and documents are not among them. */
const pages =
  /^\/(?:$|(?:search|cart|checkout|login|register|account|orders|category|product|admin)(?:\/|$))/;

// Also the tab that has just installed it: what it loads from now on is kept.
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
