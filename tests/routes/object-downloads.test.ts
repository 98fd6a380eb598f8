// Downloads through the web process itself, over real connections: nothing of an object is shown, held back in memory,
// compressed or logged, and who goes away ends the engine's work too.
import { readFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStorage } from "#tests/support/storage.ts";
import { startWebServer, type WebServer } from "#tests/support/web-server.ts";

const engine = await startStorage();
const { makeMember, signIn } = await import("#tests/support/scenario.ts");

const MiB = 1024 * 1024;
const largeBytes = 96 * MiB;
const script = "<script>alert(1)</script>.html";
let web: WebServer;
let cookie: string;
let path: string;

beforeAll(async () => {
  const { account, managementKey, makeBucket } = await engine.makeTenant();
  const { id, name } = await makeBucket();
  const s3 = engine.client(managementKey);
  await s3.put(name, script, "<!doctype html><script>alert(1)</script>".repeat(200));
  await s3.put(name, "large", "x".repeat(largeBytes));
  cookie = (await signIn(await makeMember(account, "owner"))).split(";")[0] ?? "";
  path = `/accounts/${account.slug}/buckets/${id}/object/download`;
  web = await startWebServer();
});
afterAll(async () => {
  expect(await web?.stop()).toBe(0);
  await engine.stop();
});

const of = (key: string) => `${path}?${new URLSearchParams({ key })}`;

test("a page that somebody uploaded comes as a file, whole and as it is, under a policy that lets it do nothing", async () => {
  const { status, headers, body } = await web.ask(of(script), {
    headers: { Cookie: cookie, "Accept-Encoding": "gzip, br" },
  });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": expect.stringMatching(/^attachment; filename="script_.html"/),
    "content-length": String(body.length),
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  expect(headers["content-encoding"]).toBeUndefined();
  // Node joins what came twice: the page's policy, and the stricter one of the download. Browsers hold it to both.
  expect(headers["content-security-policy"]).toContain("default-src 'none'; sandbox");
  expect(body.toString().startsWith("<!doctype html>")).toBe(true);
});

test("the log says which address was asked for, and not for what", async () => {
  const line = () =>
    web.logged().find(({ route }) => route === "/accounts/:account/buckets/:bucket/object/download");
  await expect.poll(line).toMatchObject({ status: 200, method: "GET" });
  expect(web.output()).not.toContain("alert");
  expect(web.output()).not.toContain("%3Cscript");
});

test("where there is none, an error page is shown like any other", async () => {
  const { status, headers, body } = await web.ask(of("nothing"), { headers: { Cookie: cookie } });
  expect([status, headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
  expect(headers["content-security-policy"]).not.toContain("sandbox");
  expect(body.toString()).toContain("<main");
});

test("a reader who stops is waited for without holding the rest in memory, and one who leaves ends the download", async () => {
  const before = await residentBytes();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: "127.0.0.1", port: web.port, path: of("large"), headers: { Cookie: cookie } }, resolve).on(
      "error",
      reject,
    );
  });
  expect(answer.headers["content-length"]).toBe(String(largeBytes));
  answer.once("data", () => answer.pause());
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect((await residentBytes()) - before).toBeLessThan(48 * MiB);
  answer.destroy();
  const line = () =>
    web.logged().find(({ status, route }) => status === 499 && String(route).endsWith("/object/download"));
  await expect.poll(line).toBeDefined();
  // The engine's own line comes once it has stopped sending: it was cut off, and not left to run out.
  const sent = () => {
    const lines = engine.store
      .output()
      .split("\n")
      .filter((text) => text.includes('"operation":"GetObject"'));
    return lines.map((text) => Number(/"bytesSent":(\d+)/.exec(text)?.[1])).at(-1) ?? 0;
  };
  await expect.poll(sent, { timeout: 5_000 }).toBeGreaterThan(100_000);
  expect(sent()).toBeLessThan(largeBytes);
});

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${web.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
