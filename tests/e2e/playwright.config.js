// The pages in a real browser: two widths, with JavaScript and without.
import { defineConfig } from '@playwright/test';
import { chromium } from './support/machine.js';

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

export default defineConfig({
  testDir: './specs',
  globalSetup: './support/server.js',
  outputDir: './test-results',
  // One region serves all tests; each test has patients of its own, so two may run at once.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // Once more on a busy machine; what passes only then is named 'flaky' in the report.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 5_000 },
  reporter: process.env.CI ? 'line' : 'list',
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 20_000,
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    // A trace of a form filled by keyboard has thousands of steps: ask for it with --trace on.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  projects: [
    { name: 'wide', use: { viewport: wide } },
    { name: 'narrow', use: { viewport: narrow } },
    // What needs JavaScript is marked @script; everything else must work without.
    { name: 'wide-plain', use: { viewport: wide, javaScriptEnabled: false }, grepInvert: /@script/ },
    { name: 'narrow-plain', use: { viewport: narrow, javaScriptEnabled: false }, grepInvert: /@script/ },
  ],
});
