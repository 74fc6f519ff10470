import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page: addresses relative, so that it can be served below any prefix; nothing inline, so that a strict policy holds. */
export default defineConfig({
  root: fileURLToPath(new URL('./web/', import.meta.url)),
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
