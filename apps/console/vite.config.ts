import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console is static: the API serves the built files, below any path prefix. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/apps/console/public',
    emptyOutDir: true,
    target: 'es2023',
    // The content policy allows neither inline scripts nor scripts of other addresses than files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    // Only test code of the form library imports it; nothing of that is in the built files.
    rolldownOptions: { external: ['@rjsf/validator-ajv8'] },
  },
});
