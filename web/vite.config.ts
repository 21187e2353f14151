import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Against a service that runs: VIRTUOSO_URL=http://127.0.0.1:8080 npm run dev
const service = process.env.VIRTUOSO_URL ?? 'http://127.0.0.1:8080';

// dist/packages.json: whose code the pages hold, for scripts/make_sbom.py.
const bundledPackages: Plugin = {
  name: 'bundled-packages',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((made) => (made.type === 'chunk' ? Object.keys(made.modules) : []));
    const names = modules.map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter((name) => name);
    const source = `${JSON.stringify([...new Set(names)].sort(), null, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'packages.json', source });
  },
};

export default defineConfig({
  plugins: [svelte(), bundledPackages],
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
