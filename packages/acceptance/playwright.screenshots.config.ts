import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** Takes the pictures of the documentation: `npm run screenshots` at the root. */
export default defineConfig(tests, {
  testDir: './src/screenshots',
  testMatch: '**/*.shots.ts',
  timeout: 600_000,
  expect: { timeout: 90_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'off',
    trace: 'off',
  },
});
