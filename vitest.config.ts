import { defineConfig } from 'vitest/config';

const realProcesses = { globalSetup: ['test/helpers/build-once.ts'], testTimeout: 60_000, hookTimeout: 60_000 };
const endToEnd = { globalSetup: ['test/e2e/lab/global-setup.ts'], testTimeout: 900_000, hookTimeout: 60_000 };

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
      // Mostly waiting for the protocol's own times, on networks of their own.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          exclude: ['test/e2e/alone-*.test.ts'],
          ...endToEnd,
          maxWorkers: 3,
          sequence: { groupOrder: 4 },
        },
      },
      // These take the whole machine.
      {
        test: {
          name: 'e2e-alone',
          include: ['test/e2e/alone-*.test.ts'],
          ...endToEnd,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
      // One browser at a time: a page's speed is not measured beside another's.
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...realProcesses,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
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
