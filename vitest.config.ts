import { defineConfig } from 'vitest/config'

const source = { resolve: { conditions: ['@bookend/source', 'module', 'node', 'development'] } }
const ssr = {
  ssr: { resolve: { conditions: ['@bookend/source', 'module', 'node', 'development'] } },
}

/** Modules that the server writes and imports by itself: already bundled, so not to be transformed. */
const bundles = { deps: { external: [/\/workflows\/[a-z0-9-]+-[0-9a-f]{16}\.mjs$/] } }

/** How long a fact is waited for: on a busy machine it comes late, and is no less right for it. */
const patient = { expect: { poll: { timeout: 15_000 } } }

export default defineConfig({
  test: {
    // Most of an integration test is waiting for others; more at once would make their clocks lie.
    maxWorkers: 2,
    projects: [
      {
        ...source,
        ...ssr,
        test: {
          name: 'unit',
          server: bundles,
          ...patient,
          // Half of the time would be importing the same modules again. What replaces a module, or is
          // slowed by the hooks that others leave behind, is an `alone` test.
          isolate: false,
          // For a busy machine: what a test says of time is said by a fake clock.
          testTimeout: 30_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/cli/templates/**/*.test.ts',
            'examples/*/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/*.{integration,alone}.test.ts', '**/node_modules/**', '**/dist/**'],
        },
      },
      {
        ...source,
        ...ssr,
        test: {
          name: 'alone',
          ...patient,
          testTimeout: 30_000,
          include: ['packages/*/src/**/*.alone.test.ts'],
        },
      },
      {
        ...source,
        ...ssr,
        test: {
          name: 'dashboard',
          ...patient,
          include: ['packages/dashboard/src/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['packages/dashboard/src/testing/set-up.ts'],
          testTimeout: 30_000,
        },
      },
      {
        ...source,
        ...ssr,
        test: {
          name: 'integration',
          ...patient,
          server: bundles,
          globalSetup: 'packages/server/src/testing/global-setup.ts',
          include: [
            'packages/*/src/**/*.integration.test.ts',
            'examples/*/**/*.integration.test.ts',
            'scripts/**/*.integration.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...source,
        ...ssr,
        test: {
          name: 'e2e',
          ...patient,
          globalSetup: 'e2e/testing/build.ts',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // By itself after all others: what it says of time should be the product's, not the load's.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
