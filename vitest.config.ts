import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/docker/**'],
        },
      },
      // After all others: the image of which nodes are made is made meanwhile.
      {
        extends: true,
        test: { name: 'docker', include: ['test/docker/**/*.test.ts'], sequence: { groupOrder: 1 } },
      },
    ],
    globalSetup: './test/support/build.ts',
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Labs that run side by side in one file: they mostly wait.
    maxConcurrency: 3,
  },
})
