// Against a service that follows the published contract of the range API of Have I Been Pwned.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, expect, test, vi } from "vitest";

const breached = "a sentence that leaked once";
const requests: { url: string; padding: string | undefined }[] = [];
let behaviour: "answers" | "fails" | "hangs" | "redirects" = "answers";

const service = createServer((request, response) => {
  requests.push({ url: request.url ?? "", padding: request.headers["add-padding"]?.toString() });
  if (behaviour === "hangs") return;
  if (behaviour === "fails") return response.writeHead(503).end("unavailable");
  if (behaviour === "redirects") return response.writeHead(302, { Location: "/range/00000" }).end();
  const [, prefix = ""] = /^\/range\/([0-9A-F]{5})$/.exec(request.url ?? "") ?? [];
  if (!prefix) return response.writeHead(400).end("The hash prefix was not in a valid format");
  const hash = sha1(breached);
  const lines = [
    "0018A45C4D1DEF81644B54AB7F969B88D65:1",
    ...(hash.startsWith(prefix) ? [`${hash.slice(5)}:42`] : []),
    `${sha1("padded").slice(5)}:0`,
  ];
  return response.writeHead(200, { "Content-Type": "text/plain" }).end(lines.join("\r\n"));
});
service.listen(0, "127.0.0.1");
await once(service, "listening");
vi.stubEnv("BREACHED_PASSWORDS_URL", `http://127.0.0.1:${(service.address() as AddressInfo).port}`);
// Read once, when the module is.
vi.resetModules();
const { isBreached } = await import("./breached-passwords.server.ts");

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

beforeEach(() => {
  requests.length = 0;
  behaviour = "answers";
});
afterAll(() => {
  vi.unstubAllEnvs();
  service.closeAllConnections();
  service.close();
});

test("6.2.12: a password that the service lists is known, any other is not", async () => {
  expect(await isBreached(breached)).toBe(true);
  expect(await isBreached(`${breached} `)).toBe(false);
  // Listed with a count of 0: padding.
  expect(await isBreached("padded")).toBe(false);
});

test("the service is told five characters of the hash, and asked for padding", async () => {
  await isBreached(breached);
  expect(requests).toEqual([{ url: `/range/${sha1(breached).slice(0, 5)}`, padding: "true" }]);
});

test.each(["fails", "hangs", "redirects"] as const)("a service that %s keeps nobody waiting", async (how) => {
  behaviour = how;
  const begun = performance.now();
  expect(await isBreached(breached)).toBe(false);
  expect(performance.now() - begun).toBeLessThan(3_000);
});
