// The web process itself: server.ts in front of the built application, over real connections.
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { mintSignUpToken } from "#app/domain/identity/sign-up/mint-sign-up-token.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, newCpf, signIn } from "#tests/support/scenario.ts";
import { startWebServer, type WebAnswer, type WebServer } from "#tests/support/web-server.ts";

let web: WebServer;
/** Behind a proxy that speaks HTTPS. */
let https: WebServer;
let origin: string;
const publicUrl = "https://console.example.test";

beforeAll(async () => {
  [web, https] = await Promise.all([
    startWebServer(),
    startWebServer({ PUBLIC_URL: publicUrl, TRUST_PROXY: "loopback" }),
  ]);
  origin = `http://localhost:${web.port}`;
});
afterAll(async () => {
  expect(await Promise.all([web?.stop(), https?.stop()])).toEqual([0, 0]);
});

const formType = "application/x-www-form-urlencoded";
const postForm = (server: WebServer, path: string, fields: Record<string, string>, headers = {}) =>
  server.ask(path, {
    method: "POST",
    body: new URLSearchParams(fields).toString(),
    headers: { "Content-Type": formType, Origin: server === https ? publicUrl : origin, ...headers },
  });

/** Waits for the log line of an answer. */
async function logLineOf(server: WebServer, { headers }: WebAnswer): Promise<Record<string, unknown>> {
  const id = headers["x-request-id"];
  const line = () => server.logged().find(({ requestId, msg }) => requestId === id && msg === "request");
  await expect.poll(line).toBeDefined();
  return line() ?? {};
}

const directives = ({ headers }: WebAnswer) =>
  Object.fromEntries(
    String(headers["content-security-policy"])
      .split(";")
      .map((directive) => directive.trim().split(" "))
      .map(([name, ...values]) => [name, values]),
  ) as Record<string, string[]>;

describe("3.4: security headers", () => {
  test.each(["/login", "/signup/sent", "/nowhere", "/api/nowhere", "/healthz", "/favicon.svg"])(
    "on %s",
    async (path) => {
      const answer = await web.ask(path);
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "x-frame-options": "SAMEORIGIN",
      });
      expect(answer.headers["x-powered-by"]).toBeUndefined();
      expect(answer.headers["strict-transport-security"]).toBeUndefined();
      expect(directives(answer)).toMatchObject({
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "style-src": ["'self'"],
      });
      expect(answer.headers["content-security-policy"]).not.toMatch(/unsafe-/);
    },
  );

  test("3.4.3: a preview of a mail may have styles, stand in a frame of ours, and nothing else", async () => {
    const answer = await web.ask("/admin/mail/previews/welcome/html");
    expect(directives(answer)).toEqual({
      "default-src": ["'none'"],
      "object-src": ["'none'"],
      "base-uri": ["'none'"],
      "frame-ancestors": ["'self'"],
      "form-action": ["'none'"],
      "style-src": ["'unsafe-inline'"],
      sandbox: [],
    });
    const page = await web.ask("/admin/mail/previews/welcome");
    expect(directives(page)["frame-ancestors"]).toEqual(["'none'"]);
  });

  test("3.4.3: every script of a page carries the nonce of its answer, a new one each time", async () => {
    const nonces = new Set<string>();
    for (const path of ["/login", "/login", "/signup", "/nowhere"]) {
      const answer = await web.ask(path);
      const nonce = /'nonce-([^']+)'/.exec(String(answer.headers["content-security-policy"]))?.[1] ?? "";
      expect(Buffer.from(nonce, "base64")).toHaveLength(16);
      nonces.add(nonce);
      const scripts = answer.body.toString().match(/<script\b[^>]*>/g) ?? [];
      expect(scripts.length).toBeGreaterThan(0);
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
      expect(answer.body.toString()).not.toMatch(/<style\b|\sstyle="|\son[a-z]+="|javascript:/);
    }
    expect(nonces.size).toBe(4);
  });

  test("3.4.1, 3.3.1: behind HTTPS also HSTS for two years, and cookies that only HTTPS carries", async () => {
    const answer = await https.ask("/login");
    expect(answer.headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
    expect(directives(answer)["upgrade-insecure-requests"]).toEqual([]);
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^__Host-session=/);
    expect(cookie.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      "Max-Age=2592000",
      "Path=/",
      "SameSite=Lax",
      "Secure",
    ]);
  });
});

describe("the request's id", () => {
  test("is on every answer, new each time, and never the client's own", async () => {
    const answers = await Promise.all(
      ["/login", "/nowhere", "/api/nowhere", "/favicon.svg", "/%"].map((path) =>
        web.ask(path, { headers: { "X-Request-Id": "mine" } }),
      ),
    );
    const ids = answers.map(({ headers }) => headers["x-request-id"]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("stands on the error page, in the problem document and in the audit log", async () => {
    const page = await web.ask("/nowhere");
    expect(page.body.toString()).toContain(String(page.headers["x-request-id"]));
    const problem = await web.ask("/api/nowhere");
    expect(JSON.parse(problem.body.toString())).toMatchObject({ requestId: problem.headers["x-request-id"] });
    const refused = await postForm(web, "/login", { email: "x@example.test", password: "wrong wrong wrong" });
    const events = await queryAsOwner("SELECT action FROM audit_event WHERE request_id = $1", [
      refused.headers["x-request-id"],
    ]);
    expect(events).toEqual([{ action: "sessions:create" }]);
  });
});

describe("16.2.1: the log", () => {
  test("has one line for a request: who, where, what came of it, and nothing else", async () => {
    const account = await makeAccount();
    const member = await makeMember(account, "owner");
    const cookie = (await signIn(member)).split(";")[0] ?? "";
    const answer = await web.ask(`/accounts/${account.slug}?q=in-the-query`, { headers: { Cookie: cookie } });
    expect(answer.status).toBe(200);
    const line = await logLineOf(web, answer);
    expect(line).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: expect.any(Number),
      requestId: answer.headers["x-request-id"],
      actor: member.id,
      account: account.id,
      method: "GET",
      route: "/accounts/:account",
      status: 200,
      ms: expect.any(Number),
      msg: "request",
    });
  });

  test("says so of a request that was refused, too", async () => {
    const line = await logLineOf(web, await web.ask("/api/accounts"));
    expect(line).toMatchObject({ actor: null, account: null, route: "/api/accounts", status: 401 });
    expect(await logLineOf(web, await web.ask("/"))).toMatchObject({ route: "/", status: 302 });
    expect(await logLineOf(web, await web.ask("/%"))).toMatchObject({ route: null, status: 400 });
  });

  test("16.2.5: holds no password, token, cookie, address or query of a visit from sign-up to sign-out", async () => {
    const fields = {
      name: "Maria Secreta",
      email: "maria.secreta@example.test",
      password: "senha-que-ninguem-le",
      accountName: "Padaria Secreta",
      document: newCpf(),
    };
    await postForm(web, "/signup?utm=secret-query", fields);
    const [signUp] = await queryAsOwner<{ id: string }>("SELECT id FROM sign_up WHERE email = $1", [
      fields.email,
    ]);
    const { token = "" } = (await mintSignUpToken(signUp?.id ?? "")) ?? {};
    await web.ask(`/verify-email/${token}`);
    await postForm(web, `/verify-email/${token}`, fields);
    await postForm(web, `/verify-email/${token}`, fields);
    await postForm(web, "/login?returnTo=/secret-query", { ...fields, password: "wrong-but-close-senha" });
    const signedIn = await postForm(web, "/login?returnTo=/secret-query", fields);
    expect(signedIn.headers.location).toBe("/secret-query");
    const cookie =
      signedIn.headers["set-cookie"]?.find((line) => line.startsWith("session="))?.split(";")[0] ?? "";
    const page = await web.ask("/accounts", { headers: { Cookie: cookie } });
    const formToken = /name="formToken" value="([^"]+)"/.exec(page.body.toString())?.[1] ?? "none";
    await logLineOf(web, await postForm(web, "/logout", { formToken }, { Cookie: cookie }));

    const secrets = [
      ...Object.values(fields),
      token,
      "wrong-but-close-senha",
      "secret-query",
      formToken,
      cookie.slice(8, 40),
    ];
    for (const secret of secrets) expect(web.output()).not.toContain(secret);
    const [log] = await queryAsOwner<{ text: string }>(
      "SELECT string_agg(e::text, ' ') AS text FROM audit_event e",
    );
    for (const secret of secrets) expect(log?.text).not.toContain(secret);
    const [personal] = await queryAsOwner<{ text: string }>(
      "SELECT string_agg(p::text, ' ') AS text FROM audit_personal p",
    );
    for (const secret of [fields.password, token, formToken, cookie.slice(8, 40)])
      expect(personal?.text).not.toContain(secret);
  });

  test("16.4.1: keeps what a client sends from beginning a line", async () => {
    await web.ask("/login", { headers: { "User-Agent": 'x","level":60,"msg":"forged' } });
    await web.ask("/nowhere%0a%7B%22level%22:60,%22msg%22:%22forged%22%7D");
    expect(web.logged().filter(({ msg }) => msg === "forged")).toEqual([]);
  });
});

describe("4.1.3: the client's address", () => {
  const addressOf = async ({ headers }: WebAnswer) =>
    (
      await queryAsOwner<{ address: string }>(
        "SELECT p.values->>'address' AS address FROM audit_event e JOIN audit_personal p ON p.event_id = e.id WHERE e.request_id = $1",
        [headers["x-request-id"]],
      )
    )[0]?.address;
  const wrong = { email: "x@example.test", password: "wrong wrong wrong" };
  const forwarded = { "X-Forwarded-For": "203.0.113.9, 198.51.100.7" };

  test("is the connection's own where no proxy is configured", async () => {
    expect(await addressOf(await postForm(web, "/login", wrong, forwarded))).toMatch(/127\.0\.0\.1$/);
  });

  test("is what the configured proxy says, and not what was said to the proxy", async () => {
    expect(await addressOf(await postForm(https, "/login", wrong, forwarded))).toBe("198.51.100.7");
  });

  test("the Host header has no say in where people are sent", async () => {
    const answer = await web.ask("/accounts", {
      headers: { Host: "evil.example", "X-Forwarded-Host": "evil.example" },
    });
    expect([answer.status, answer.headers.location]).toEqual([302, "/login?returnTo=%2Faccounts"]);
  });
});

describe("a request that is hard to read", () => {
  test.each(["/%", "/%ff%fe", "/accounts/%ED%A0%80", "/login?q=%", "/%c3%28"])(
    "the address %s",
    async (path) => {
      const answer = await web.ask(path);
      expect([answer.status, answer.headers["content-type"]]).toEqual([400, "text/plain; charset=utf-8"]);
    },
  );

  test.each([
    "//",
    "///x//y",
    "/./..//",
    "//evil.example/accounts",
    "/login/",
    "/LOGIN",
    "/a".repeat(2_000),
    "/accounts/..%2f..%2f",
    "/assets/..%2f..%2fpackage.json",
    "/.env",
    "/assets/",
    "/.git/config",
  ])("the address %.40s", async (path) => {
    const answer = await web.ask(path);
    expect(answer.status).toBeLessThan(500);
    expect(String(answer.headers.location ?? "/")).toMatch(/^\/(?![/\\])/);
  });

  test.each(["a b", "[", "a/b", "evil.example:99999999", "", "%00", "user@evil.example"])(
    "the host %j",
    async (host) => {
      expect((await web.ask("/login", { headers: { Host: host } })).status).toBeLessThan(500);
    },
  );

  test.each(["TRACE", "OPTIONS", "PROPFIND", "PURGE", "LINK", "QUERY", "PUT", "DELETE"])(
    "the method %s",
    async (method) => {
      for (const path of ["/login", "/healthz", "/api/accounts", "/favicon.svg", "/assets/none.js"]) {
        const { status } = await web.ask(path, { method, headers: { Origin: origin } });
        expect([path, status]).toEqual([path, expect.toBeOneOf([400, 401, 404, 405])]);
      }
    },
  );

  test("a body of 10 MB is refused before it is kept, and the client gets to read that", async () => {
    const answer = await postForm(web, "/login", { email: "x".repeat(10 * 1024 * 1024), password: "x" });
    expect(answer.status).toBe(413);
    // Without saying how much it will be.
    const chunked = { "Transfer-Encoding": "chunked" };
    const unannounced = await postForm(web, "/login", { email: "x".repeat(10 * 1024 * 1024) }, chunked);
    expect(unannounced.status).toBe(413);
  });

  test("text that is no HTTP, and a client that hangs up", async () => {
    for (const text of [
      "garbage\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx",
    ])
      await rawly(web.port, text);
    expect((await web.ask("/healthz")).status).toBe(200);
    expect(web.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  test("a body that comes slowly is waited for", async () => {
    const body = "email=x%40example.test&password=wrong-wrong-wrong";
    const head = `POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nContent-Type: ${formType}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const answer = await rawly(web.port, head, async (write) => {
      for (const part of body.match(/.{1,10}/g) ?? []) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        write(part);
      }
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("what is sent", () => {
  test("is compressed for who asks, and says that it differs", async () => {
    const answer = await web.ask("/login", { headers: { "Accept-Encoding": "gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.headers.vary).toMatch(/Accept-Encoding/i);
    expect(gunzipSync(answer.body).toString()).toContain("</html>");
    expect((await web.ask("/login")).headers["content-encoding"]).toBeUndefined();
  });

  test("a page weighs at most 15 KB, its styles as much, compressed", async () => {
    const html = await web.ask("/login", { headers: { "Accept-Encoding": "gzip" } });
    expect(html.body.length).toBeLessThan(15 * 1024);
    const [stylesheet = ""] =
      gunzipSync(html.body)
        .toString()
        .match(/\/assets\/[^"]+\.css/) ?? [];
    const css = await web.ask(stylesheet, { headers: { "Accept-Encoding": "gzip" } });
    expect(css.headers["content-type"]).toMatch(/text\/css/);
    expect(css.body.length).toBeLessThan(15 * 1024);
  });

  test("files with a digest in their name are kept for a year; others, and none, are not", async () => {
    const page = (await web.ask("/login")).body.toString();
    const [asset = ""] = /\/assets\/[\w.-]+\.js/.exec(page) ?? [];
    expect((await web.ask(asset)).headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect((await web.ask("/favicon.svg")).headers["cache-control"]).toBe("public, max-age=3600");
    const missing = await web.ask("/assets/missing-0000.js");
    expect(missing.status).toBe(404);
    expect(missing.headers["cache-control"] ?? "").not.toMatch(/immutable/);
  });

  test("HEAD is answered as GET, without the body", async () => {
    for (const path of ["/login", "/accounts", "/nowhere", "/healthz", "/api/accounts", "/api/nowhere"]) {
      const [get, head] = [await web.ask(path), await web.ask(path, { method: "HEAD" })];
      expect([path, head.status, head.body.length]).toEqual([path, get.status, 0]);
      expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
    }
  });
});

describe("a browser's data request", () => {
  test("of a stranger is sent to sign in, as the page is", async () => {
    const answer = await web.ask("/accounts.data");
    expect(answer.status).toBe(202);
    expect(answer.body.toString()).toContain("/login?returnTo=%2Faccounts");
  });

  test("of what is another's, or is not there, is 404, without what the page would show", async () => {
    const victim = await makeAccount();
    const cookie = (await signIn(await makeUser())).split(";")[0] ?? "";
    for (const path of [
      `/accounts/${victim.slug}.data`,
      `/accounts/${victim.slug}.data?_routes=routes/console/overview`,
      "/nowhere.data",
    ]) {
      const answer = await web.ask(path, { headers: { Cookie: cookie } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.body.toString()).not.toContain(victim.document);
    }
    expect(
      (await web.ask("/admin.data?_routes=routes/admin/overview", { headers: { Cookie: cookie } })).status,
    ).toBe(403);
  });

  test("is never kept", async () => {
    const cookie = (await signIn(await makeUser())).split(";")[0] ?? "";
    const answer = await web.ask("/accounts.data", { headers: { Cookie: cookie } });
    expect([answer.status, answer.headers["cache-control"]]).toEqual([200, "no-store"]);
  });
});

test("readiness asks the database, health does not", async () => {
  expect((await web.ask("/healthz")).body.toString()).toBe("ok\n");
  expect((await web.ask("/readyz")).body.toString()).toBe("ready\n");
  const broken = await startWebServer({ DATABASE_URL: "postgresql://nobody:x@127.0.0.1:9/none" });
  try {
    expect((await broken.ask("/healthz")).status).toBe(200);
    expect((await broken.ask("/readyz")).status).toBe(503);
    // 16.5.1: nothing of what went wrong, but what to name when asking about it. 16.5.3: nobody gets in.
    const cookie = await knownCookie();
    for (const path of ["/login", "/admin", "/api/accounts"]) {
      const answer = await broken.ask(path, { headers: { Cookie: cookie } });
      expect([path, answer.status]).toEqual([path, 500]);
      expect(answer.body.toString()).toContain(String(answer.headers["x-request-id"]));
      expect(answer.body.toString()).not.toMatch(/prisma|ECONNREFUSED|127\.0\.0\.1|node_modules/i);
    }
    const problem = await broken.ask("/api/accounts", { headers: { Cookie: cookie } });
    expect(JSON.parse(problem.body.toString())).toMatchObject({ status: 500, code: "internal" });
    expect(broken.logged().filter(({ msg }) => msg === "unexpected error").length).toBeGreaterThan(0);
  } finally {
    await broken.stop();
  }
});

async function knownCookie(): Promise<string> {
  const user = await makeUser({ passwordHash: await hashPassword("a password that fits") });
  return (await signIn(user)).split(";")[0] ?? "";
}

/** Writes to a connection and answers what came back before its end. */
function rawly(
  port: number,
  head: string,
  more?: (write: (text: string) => void) => Promise<void>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(head);
      if (more) more((text) => socket.write(text)).catch(reject);
      else setTimeout(() => socket.destroy(), 150);
    });
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", reject).on("close", () => resolve(answer));
  });
}
