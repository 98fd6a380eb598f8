import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
  type Request,
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
  /** Opens a browser of its own, as another person would have, in Portuguese and light unless it is said otherwise. */
  person: (settings?: BrowserSettings) => Promise<Person>;
}

type BrowserSettings = Pick<BrowserContextOptions, "locale" | "colorScheme">;

/** Somebody at a browser. Every page that they are shown is checked. */
export interface Person {
  page: Page;
  /**
   * What must hold on any page: axe, valid HTML, its weight. Call it once the page is there. axe leaves out what matches
   * `without`: it waits for its answer from any frame, and never gets one from a frame without scripts.
   */
  check: (but?: { without: string }) => Promise<void>;
  /** Opens each of these pages, only to check it. */
  checkPages: (paths: string[]) => Promise<void>;
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
    await use(async (settings) => atBrowser(await open(settings), javaScriptEnabled));
    for (const context of contexts) await context.close();
  },
});

export { expect };

/**
 * What the browser reports as an error and is none: a form that is shown again comes with a status of 4xx, a page about
 * somebody else's outage with 503, and Playwright's own scripts are kept out of a sandboxed frame like any others.
 */
const expectedComplaints = /status of (4\d\d|503)|^Blocked script execution in '[^']+' because .* sandboxed/;

function atBrowser(page: Page, hasScripts: boolean): Person {
  const documents: Promise<{ url: string; html: string }>[] = [];
  // Bytes by address, of what the page at hand was loaded with.
  const scripts = new Map<string, number>();
  const styles = new Map<string, number>();
  let isWhole = true;
  const complaints: string[] = [];

  /** Not of a frame in it, such as a mail's preview: mail is no page, and is written otherwise. */
  const isOfPage = (request: Request) =>
    request.isNavigationRequest() && request.frame() === page.mainFrame();

  page.on("request", (request) => {
    if (isOfPage(request)) {
      scripts.clear();
      styles.clear();
      isWhole = true;
    }
    // From here on the browser fetches what further pages need.
    if (new URL(request.url()).pathname.endsWith(".data")) isWhole = false;
  });
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (isOfPage(response.request()) && type.startsWith("text/html")) {
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
    if (message.type() === "error" && !expectedComplaints.test(message.text()))
      complaints.push(message.text());
  });

  async function check(but?: { without: string }): Promise<void> {
    await page.waitForLoadState("load");
    // axe is a script itself. Without scripts it is the same document, less a few buttons: it was looked at with them.
    if (hasScripts) await checkWithAxe(but);
    await checkDocuments();
  }

  async function checkWithAxe(but?: { without: string }): Promise<void> {
    const axe = new AxeBuilder({ page });
    const { violations } = await (but ? axe.exclude(but.without) : axe).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );
  }

  async function checkDocuments(): Promise<void> {
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

  async function checkPages(paths: string[]): Promise<void> {
    // Without scripts the same documents come, of pages that nothing is done on: they are looked at with them.
    if (!hasScripts) return;
    for (const path of paths) {
      const response = await page.goto(path);
      expect([path, response?.status(), new URL(page.url()).pathname]).toEqual([
        path,
        200,
        new URL(path, page.url()).pathname,
      ]);
      await check(path.startsWith("/admin/mail/previews/") ? { without: "iframe" } : undefined);
    }
  }

  return { page, check, checkPages };
}

/** Size of a file as it was sent: it lies there compressed. */
function sentBytes(response: Response): number {
  return Number(response.headers()["content-length"]);
}

function sum(sizes: Map<string, number>): number {
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}
