import { defineConfig } from 'vitest/config';

const realProcesses = { globalSetup: ['test/helpers/build-once.ts'], testTimeout: 60_000, hookTimeout: 60_000 };

// Groups run one after the other: real processes with real clocks on two cores are not measured beside a busy test.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      // Mostly waiting, so two files at a time.
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...realProcesses,
          sequence: { groupOrder: 1 },
        },
      },
      // Mostly working, so each file by itself.
      {
        test: {
          name: 'load',
          include: ['test/load/**/*.test.ts'],
          ...realProcesses,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          ...realProcesses,
          testTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
