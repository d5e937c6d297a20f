import { defineConfig } from 'vitest/config';

const e2e = ['tests/e2e/**/*.test.ts', 'tests/faults/**/*.test.ts'];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    globalSetup: ['tests/support/database-server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ['src/**/*.test.{ts,tsx}', 'sandbox/**/*.test.ts', 'demo/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', ...(process.env.WITHOUT_BROWSER ? e2e : [])],
  },
});
