import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Against a service that runs: VIRTUOSO_URL=http://127.0.0.1:8080 npm run dev
const service = process.env.VIRTUOSO_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // Names that stay: the program embeds them, and their tags tell of changes.
    rollupOptions: { output: { entryFileNames: 'assets/app.js', assetFileNames: 'assets/app[extname]' } },
  },
  server: {
    proxy: {
      '/api': { target: service, changeOrigin: true },
      '/metrics': { target: service, changeOrigin: true },
      '/ws': { target: service, changeOrigin: true, ws: true, rewriteWsOrigin: true },
    },
  },
  test: { include: ['tests/unit/**/*.test.ts'] },
});
