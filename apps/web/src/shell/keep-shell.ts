/**
 * Registers the service worker that keeps the shell (src/service-worker.ts). Without it, in an old browser or with a
 * certificate that the browser does not trust, the shop works as well.
 */
export function keepShell(): void {
  if (import.meta.env.PROD) navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
}
