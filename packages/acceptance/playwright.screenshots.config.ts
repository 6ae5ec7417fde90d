import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** Takes the pictures of the documentation: `npm run screenshots` at the root. */
export default defineConfig(tests, {
  testDir: './src/screenshots',
  testMatch: '**/*.shots.ts',
  use: {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'off',
    trace: 'off',
  },
});
