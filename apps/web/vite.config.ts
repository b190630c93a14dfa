import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA, type VitePWAOptions } from 'vite-plugin-pwa';

/** Browsers that know `light-dark()`: styles.css has the colours of both themes side by side. */
const browsers = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

/** src/service-worker.ts, with the names of the files that it keeps. src/shell/keep-shell.ts registers it. */
const serviceWorker: Partial<VitePWAOptions> = {
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'service-worker.ts',
  injectRegister: null,
  manifest: false,
  injectManifest: {
    globPatterns: ['index.html', 'theme.js', 'assets/*.{js,css}', 'assets/*-latin-{wght,500}-*.woff2'],
  },
};

/** The first paint needs the style sheet alone: on a slow network nothing else competes with it. */
const styleBeforeScripts: Plugin = {
  name: 'style-before-scripts',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replaceAll(/<(?:script type="module"|link rel="modulepreload")/g, '$& fetchpriority="low"'),
  },
};

/**
 * The edges' policy for pages (infra/edge/nginx/responses.conf), and inline code: Vite loads style sheets and hot reload so.
 *
 * @param edgeOrigins space-separated: the addresses to which an open page may turn.
 */
function watchModePolicy(edgeOrigins = ''): string {
  return [
    "default-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${edgeOrigins}`,
    `connect-src 'self' ${edgeOrigins}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export default defineConfig({
  plugins: [react(), tailwindcss(), styleBeforeScripts, VitePWA(serviceWorker)],
  build: {
    target: browsers,
    // The edge's Content-Security-Policy lets nothing inline through.
    assetsInlineLimit: 0,
    // Which files each page consists of: tests/e2e/page-weight.spec.ts adds them up.
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 500,
    rolldownOptions: {
      output: {
        // The code that every page needs is one file: it compresses better than twenty.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'shell',
              test: new RegExp(
                [
                  '/node_modules/(?:.pnpm/)?(?:react|react-dom|scheduler|@tanstack|openapi-fetch|p-retry|is-network-error|js-cookie|use-sync-external-store)[@+/]',
                  '/src/(?:api|cart|routes|session)/(?!checkout-key|use-session)',
                  '/src/shell/(?!search-box|server-timing|system-badge|toaster)',
                  '/src/components/(?:format|icon|in-slices|page-meta|picture|product-card|refinement|stars|states)[.]',
                  '/contracts/src/values[.]',
                  '/src/(?:arrival|locale|query-client|router|search-params)[.]',
                  'vite/preload-helper',
                  '/lucide/dist/esm/icons/(?:menu|monitor|moon|plus|search|shopping-bag|sliders-horizontal|sun|user)[.]',
                ].join('|'),
              ),
            },
          ],
        },
      },
    },
  },
  // Watch mode mounts this folder read-only (infra/dev).
  cacheDir: process.env.VITE_CACHE_DIR,
  // In watch mode the edges pass pages on to Vite; all other paths go where they always go.
  server: {
    strictPort: true,
    headers: { 'Content-Security-Policy': watchModePolicy(process.env.EDGE_ORIGINS) },
  },
  // A path that is not a file is a 404 here: the edges know which addresses are pages.
  appType: 'mpa',
});
