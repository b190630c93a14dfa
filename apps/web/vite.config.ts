import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA, type VitePWAOptions } from 'vite-plugin-pwa';

/** The address of a running shop, whose API the development server passes calls on to. */
const shop = process.env.SHOP_URL ?? 'http://127.0.0.1:8080';
const toShop = { target: shop, changeOrigin: true, headers: { origin: shop } };

/** Browsers that know `light-dark()`: the colours of both themes stand side by side in styles.css. */
const browsers = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

/** src/service-worker.ts, with the names of what it keeps. src/shell/keep-shell.ts registers it. */
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

/** The first paint needs the style sheet alone: on a narrow line nothing else takes its share of it. */
const styleBeforeScripts: Plugin = {
  name: 'style-before-scripts',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replaceAll(/<(?:script type="module"|link rel="modulepreload")/g, '$& fetchpriority="low"'),
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), styleBeforeScripts, VitePWA(serviceWorker)],
  build: {
    target: browsers,
    // The edge's Content-Security-Policy lets nothing inline through.
    assetsInlineLimit: 0,
    // Which page is made of which files: tests/e2e/page-weight.spec.ts adds them up.
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 500,
    rolldownOptions: {
      output: {
        // What every page needs comes as one file: it compresses better than twenty.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'shell',
              test: new RegExp(
                [
                  '/node_modules/(?:.pnpm/)?(?:react|react-dom|scheduler|@tanstack|openapi-fetch|p-retry|is-network-error|js-cookie|use-sync-external-store)[@+/]',
                  '/src/(?:api|cart|session)/(?!checkout-key|use-session)',
                  '/src/shell/(?!search-box|server-timing|system-badge|toaster)',
                  '/src/components/(?:format|icon|in-slices|page-meta|picture|product-card|refinement|stars|states)[.]',
                  '/src/(?:query-client|router)[.]',
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
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': toShop,
      '/pictures': toShop,
      '/media': toShop,
      '/uploads': toShop,
      '/config.json': toShop,
    },
  },
});
