import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { test as base, type BrowserContext, type BrowserContextOptions, expect, type Page, type Response } from "@playwright/test";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { type Installation, installation, type ProjectName } from "#tests/support/installation.ts";

const KiB = 1_024;
const validator = new HtmlValidate(new FileSystemConfigLoader({ root: true, extends: ["html-validate:standard"] }));

interface Fixtures {
  /** The installation under test. */
  balde: Installation;
  /** Opens a browser of its own, as another person would have. */
  person: () => Promise<Person>;
}

/** Somebody at a browser. Every page that they are shown is checked. */
export interface Person {
  page: Page;
  /** What must hold on any page: axe, valid HTML, its weight. Call it once the page is there. */
  check: () => Promise<void>;
}

export const test = base.extend<Fixtures>({
  balde: async ({}, use, testInfo) => {
    await use(installation(testInfo.project.name as ProjectName));
  },

  person: async ({ browser, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = [];
    const open = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context.newPage();
    };
    // axe is a script itself: where scripts are off, it looks at a copy of the page where they are on.
    const mirror = javaScriptEnabled ? undefined : await open({ javaScriptEnabled: true });
    await use(async () => atBrowser(await open(), mirror));
    for (const context of contexts) await context.close();
  },
});

export { expect };

function atBrowser(page: Page, mirror: Page | undefined): Person {
  const documents: Promise<{ url: string; html: string }>[] = [];
  const scripts = new Map<string, Promise<number>>();
  const styles = new Map<string, Promise<number>>();
  const complaints: string[] = [];

  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (response.request().isNavigationRequest() && type.startsWith("text/html")) {
      // A redirect's answer has no body to read.
      documents.push(response.text().then((html) => ({ url: response.url(), html }), () => ({ url: "", html: "" })));
    }
    if (type.startsWith("text/javascript")) scripts.set(response.url(), compressedBytes(response));
    if (type.startsWith("text/css")) styles.set(response.url(), compressedBytes(response));
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A form that is shown again comes with a status of 4xx, which the browser reports as an error.
    if (message.type() === "error" && !message.text().includes("status of 4")) complaints.push(message.text());
  });

  async function check(): Promise<void> {
    await page.waitForLoadState("load");
    const looked = mirror ? await copyTo(mirror, page) : page;
    const { violations } = await new AxeBuilder({ page: looked }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);

    for (const { url, html } of (await Promise.all(documents.splice(0))).filter((document) => document.html)) {
      const report = await validator.validateString(html);
      const messages = report.results.flatMap((result) => result.messages);
      expect(messages.map(({ ruleId, message, line }) => `${url}:${line} ${ruleId}: ${message}`)).toEqual([]);
      expect(gzipSync(html).length, `HTML of ${url}`).toBeLessThan(15 * KiB);
    }
    expect(await sum(styles), "style sheets").toBeLessThan(15 * KiB);
    expect(await sum(scripts), "scripts").toBeLessThan(150 * KiB);
    expect(complaints).toEqual([]);
  }

  return { page, check };
}

/** Shows what a page shows, at the same address and with its style sheets, without its scripts. */
async function copyTo(mirror: Page, page: Page): Promise<Page> {
  const html = (await page.content()).replace(/<script\b[\s\S]*?<\/script>|<link rel="modulepreload"[^>]*>/g, "");
  await mirror.unrouteAll();
  await mirror.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  await mirror.goto(page.url());
  return mirror;
}

async function compressedBytes(response: Response): Promise<number> {
  return gzipSync(await response.body().catch(() => Buffer.alloc(0))).length;
}

async function sum(sizes: Map<string, Promise<number>>): Promise<number> {
  return (await Promise.all(sizes.values())).reduce((total, size) => total + size, 0);
}
