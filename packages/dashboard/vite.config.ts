import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `bookend start` serves the build itself; while developing, the API comes from a running one.
const server = process.env['BOOKEND_URL'] ?? 'http://127.0.0.1:4400'

export default defineConfig({
  base: '/',
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['@bookend/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    target: 'es2023',
    // The security policy allows nothing inline, data URLs in styles included.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // In one chunk with zod, or the chunks' order would let zod ask before it is told.
            { name: 'contract', test: /without-eval|\/zod\/|\/contract\//, priority: 2 },
            {
              name: 'vendor',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack)\//,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server } },
})
