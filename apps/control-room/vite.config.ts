import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // Browsers that know `light-dark()`: styles.css has the colours of both themes side by side.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The server's Content-Security-Policy lets nothing inline through.
    assetsInlineLimit: 0,
    // The frame of the documents that the server renders (src/server/documents.ts).
    rolldownOptions: { input: ['index.html', 'document.html'] },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
});
