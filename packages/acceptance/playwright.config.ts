import { defineConfig } from '@playwright/test';
import { readDemo } from './src/support/demo';

/**
 * The tests share one demo and one cluster and look at what everybody sees, so they run one after the other.
 * Start them with `npm test -- acceptance` at the root: it brings up the demo and says where it is.
 */
export default defineConfig({
  testDir: './src/specs',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // Generous: nothing here is a measurement, and CI may be busy.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: './test-results',
  use: {
    baseURL: readDemo().url,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        // Pages that a test puts in the place of the demo's have no address that counts as local.
        '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
