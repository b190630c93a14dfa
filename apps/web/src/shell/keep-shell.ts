/**
 * Lets the service worker keep the shell (src/service-worker.ts). A browser that cannot, or does not trust the certificate
 * of this edge, shows the shop all the same.
 */
export function keepShell(): void {
  if (import.meta.env.PROD) navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
}
