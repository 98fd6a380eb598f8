import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import { chromiumFlags, findChromium } from "./tests/support/chromium.ts";
import { installation, type ProjectName } from "./tests/support/installation.ts";

type Project = NonNullable<PlaywrightTestConfig["projects"]>[number];
type WebServer = Extract<PlaywrightTestConfig["webServer"], { command: string }>;

/** Every journey runs with JavaScript and without it, and the main job in a text browser, too. */
const projects: ProjectName[] = ["javascript", "no-javascript", "text-browser"];
const textBrowserFiles = "**/text-browser.spec.ts";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: ".data/test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A whole journey; these machines are slow when they are busy.
  timeout: 600_000,
  expect: { timeout: 10_000 },
  reporter: "line",
  use: {
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    trace: "retain-on-failure",
    // Long before the journey's own: what is not there is named soon.
    actionTimeout: 15_000,
    launchOptions: { executablePath: findChromium(), args: chromiumFlags },
  },
  projects: projects.map(
    (name): Project => ({
      name,
      ...(name === "text-browser" ? { testMatch: textBrowserFiles } : { testIgnore: textBrowserFiles }),
      use: { baseURL: installation(name).console, javaScriptEnabled: name === "javascript" },
    }),
  ),
  webServer: projects.map((name): WebServer => {
    const { environment } = installation(name);
    return {
      name,
      command: `"${process.execPath}" tests/support/start-installation.ts`,
      env: environment,
      wait: { stdout: /Balde is running/ },
      timeout: 120_000,
      stdout: "ignore",
      // Anything but a clean stop would leave the database server running.
      gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    };
  }),
});
