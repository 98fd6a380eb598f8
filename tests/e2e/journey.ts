import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
  type Response,
} from "@playwright/test";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { type Installation, installation, type ProjectName } from "#tests/support/installation.ts";

const KiB = 1_024;
const validator = new HtmlValidate(
  new FileSystemConfigLoader({ root: true, extends: ["html-validate:standard"] }),
);

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
  balde: async ({ browserName: _ }, use, testInfo) => {
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
  // Bytes by address, of what the page at hand was loaded with.
  const scripts = new Map<string, number>();
  const styles = new Map<string, number>();
  let isWhole = true;
  const complaints: string[] = [];

  page.on("request", (request) => {
    if (request.isNavigationRequest()) {
      scripts.clear();
      styles.clear();
      isWhole = true;
    }
    // From here on the browser fetches what further pages need.
    if (new URL(request.url()).pathname.endsWith(".data")) isWhole = false;
  });
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (response.request().isNavigationRequest() && type.startsWith("text/html")) {
      // A redirect's answer has no body to read.
      documents.push(
        response.text().then(
          (html) => ({ url: response.url(), html }),
          () => ({ url: "", html: "" }),
        ),
      );
    }
    if (isWhole && type.startsWith("text/javascript")) scripts.set(response.url(), sentBytes(response));
    if (type.startsWith("text/css")) styles.set(response.url(), sentBytes(response));
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A form that is shown again comes with a status of 4xx, which the browser reports as an error.
    if (message.type() === "error" && !message.text().includes("status of 4"))
      complaints.push(message.text());
  });

  async function check(): Promise<void> {
    await page.waitForLoadState("load");
    const looked = mirror ? await copyTo(mirror, page) : page;
    const { violations } = await new AxeBuilder({ page: looked }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );

    for (const { url, html } of (await Promise.all(documents.splice(0))).filter(
      (document) => document.html,
    )) {
      const report = await validator.validateString(html);
      const messages = report.results.flatMap((result) => result.messages);
      expect(messages.map(({ ruleId, message, line }) => `${url}:${line} ${ruleId}: ${message}`)).toEqual([]);
      expect(gzipSync(html).length, `HTML of ${url}`).toBeLessThan(15 * KiB);
    }
    expect(sum(styles), "style sheets").toBeLessThan(15 * KiB);
    expect(sum(scripts), "scripts").toBeLessThan(150 * KiB);
    expect(complaints).toEqual([]);
  }

  return { page, check };
}

/** Shows what a page shows, at the same address and with its style sheets, without its scripts. */
async function copyTo(mirror: Page, page: Page): Promise<Page> {
  const html = (await page.content()).replace(
    /<script\b[\s\S]*?<\/script>|<link rel="modulepreload"[^>]*>/g,
    "",
  );
  await mirror.unrouteAll();
  await mirror.route(page.url(), (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
  );
  await mirror.goto(page.url());
  return mirror;
}

/** Size of a file as it was sent: it lies there compressed. */
function sentBytes(response: Response): number {
  return Number(response.headers()["content-length"]);
}

function sum(sizes: Map<string, number>): number {
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}
