// A browser that has visited the built shop at this address keeps its service worker, which would still serve the built
// pages. The browser replaces it by this one. This one unregisters itself and reloads the open pages.
addEventListener('install', () => skipWaiting());
addEventListener('activate', async () => {
  await registration.unregister();
  for (const page of await clients.matchAll()) page.navigate(page.url);
});
