// A browser that has seen the built shop at this address keeps its service worker, which would go on serving the built
// pages. The browser replaces it by this one, which unregisters itself and loads the open pages again.
addEventListener('install', () => skipWaiting());
addEventListener('activate', async () => {
  await registration.unregister();
  for (const page of await clients.matchAll()) page.navigate(page.url);
});
