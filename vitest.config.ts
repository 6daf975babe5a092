import { defineConfig } from 'vitest/config'
import { LabsFirst } from './test/support/order.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: './test/support/build.ts',
    reporters: ['default', './test/closing-line.ts'],
    // For what hangs; what waits for a condition has a deadline of its own.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LabsFirst },
    // Modules are loaded once a process, not once a file; no test leaves anything behind in them.
    isolate: false,
    // Labs mostly wait: more files at once than there are cores, and in one file more labs.
    maxWorkers: 3,
    maxConcurrency: 3,
  },
})
