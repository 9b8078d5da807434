import { defineConfig } from 'vite';

export default defineConfig({
  // Works from any path of any static server.
  base: './',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // The security policy allows no data: address, and the module is fetched as one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // In a file of its own, what starts the engine runs before the editor is even read.
    rollupOptions: { output: { manualChunks: (id) => (id.endsWith('/src/start.ts') ? 'start' : undefined) } },
  },
});
