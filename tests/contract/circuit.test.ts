import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import { PAGE_DEADLINE_MS, type StorageDriver } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

// What an engine that is away costs those who call it, and how it is found again.

type Mode = "answers" | "hangs" | "fails" | "denies" | "conflicts";

const page = { deadlineMs: PAGE_DEADLINE_MS };
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test("a hung engine costs one page its deadline; the next ones are told soon", async () => {
  const engine = await startEngine("hangs");
  const first = await timed(() => engine.driver.getTenant("t", page));
  expect(first).toMatchObject({ code: "unavailable", engineCode: "DeadlineExceeded" });
  expect(first.ms).toBeLessThan(3_000);
  expect(engine.driver.health()).toMatchObject({
    state: "open",
    lastError: { message: "storage getTenant: unavailable (DeadlineExceeded)" },
  });

  const requests = engine.requests;
  for (const tenant of ["t", "u"]) {
    const next = await timed(() => engine.driver.getTenant(tenant, page));
    expect(next).toMatchObject({ code: "unavailable", retryable: true, engineCode: "CircuitOpen" });
    expect(next.ms).toBeLessThan(600);
  }
  // The one probe's, which hangs too.
  expect(engine.requests - requests).toBeLessThanOrEqual(1);
});

test("several calls of one page fail together, within its three seconds", async () => {
  const engine = await startEngine("hangs");
  const startedAt = performance.now();
  for (let calls = 0; calls < 3; calls += 1) {
    await expect(engine.driver.getTenant("t", page)).rejects.toMatchObject({ code: "unavailable" });
  }
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test("while it is open, one probe at a time asks for the engine, and its answer closes it", async () => {
  const engine = await startEngine("fails");
  await timed(() => engine.driver.getTenant("t", page));
  const openedAt = engine.driver.health().since.getTime();
  expect(engine.driver.health().state).toBe("open");

  engine.mode = "hangs";
  engine.requests = 0;
  await expect.poll(() => engine.driver.health().state, { timeout: 2_000 }).toBe("probing");
  await sleep(300);
  expect(engine.requests).toBe(1);
  // Nobody waits for as long as the probe does.
  const meanwhile = await timed(() => engine.driver.getTenant("t", page));
  expect(meanwhile).toMatchObject({ engineCode: "CircuitOpen" });
  expect(meanwhile.ms).toBeLessThan(600);

  // The outage is one, however often it was asked.
  expect(engine.driver.health().since.getTime()).toBe(openedAt);
  engine.mode = "answers";
  await expect.poll(() => engine.driver.health().state, { timeout: 5_000 }).toBe("closed");
  expect(engine.driver.health().since.getTime()).toBeGreaterThan(openedAt);
  // What went wrong last stays known.
  expect(engine.driver.health().lastError).not.toBeNull();
  expect(await engine.driver.listTenants(page)).toEqual([]);
});

test("a page that is asked for once the engine is back does not fail for what was before", async () => {
  const engine = await startEngine("fails");
  for (let outages = 0; outages < 3; outages += 1) {
    engine.mode = "fails";
    await timed(() => engine.driver.getTenant("t", page));
    expect(engine.driver.health().state).not.toBe("closed");
    engine.mode = "answers";
    expect(await engine.driver.listTenants(page)).toEqual([]);
  }
});

test("a job waits a while for the engine, and goes on as soon as it is back", async () => {
  const engine = await startEngine("fails");
  await timed(() => engine.driver.getTenant("t", page));
  expect(engine.driver.health().state).toBe("open");
  const job = engine.driver.listTenants();
  await sleep(200);
  engine.mode = "answers";
  const back = performance.now();
  expect(await job).toEqual([]);
  expect(performance.now() - back).toBeLessThan(2_000);
});

test.each(["denies", "conflicts"] as const)(
  "an engine that %s what it is asked is there: nothing opens",
  async (mode) => {
    const engine = await startEngine(mode);
    for (let calls = 0; calls < 3; calls += 1) await timed(() => engine.driver.getTenant("t", page));
    expect(engine.driver.health()).toMatchObject({ state: "closed", lastError: null });
  },
);

test("one tenant's broken record opens nothing while others are answered", async () => {
  const engine = await startEngine((uid) => (uid === "broken$owner" ? "hangs" : "answers"));
  const broken = timed(() => engine.driver.getTenant("broken", page));
  const others = Promise.all(
    Array.from({ length: 18 }, async (_, index) => {
      await sleep(index * 100);
      await engine.driver.listTenants(page);
    }),
  );
  expect(await broken).toMatchObject({ code: "unavailable", engineCode: "DeadlineExceeded" });
  await others;
  expect(engine.driver.health().state).toBe("closed");
});

test("a call that had little time left does not speak for the engine", async () => {
  const engine = await startEngine("hangs");
  await timed(() => engine.driver.getTenant("t", { deadlineMs: 200 }));
  expect(engine.driver.health().state).toBe("closed");
});

test("a change that is held up does not speak for an engine that answers questions", async () => {
  const engine = await startEngine("answers");
  await engine.driver.listTenants(page);
  engine.mode = "hangs";
  const quota = { maxSizeBytes: null, maxObjects: null };
  const change = await timed(() => engine.driver.setBucketQuota({ tenant: "t", bucket: "bkt", quota }, page));
  expect(change).toMatchObject({ engineCode: "DeadlineExceeded" });
  expect(engine.driver.health().state).toBe("closed");
});

test("an engine that restarts within moments costs no call", async () => {
  const engine = await startEngine("answers");
  await engine.driver.listTenants(page);
  engine.server.closeAllConnections();
  engine.server.close();
  const call = engine.driver.listTenants(page);
  await sleep(30);
  engine.server.listen(engine.port, "127.0.0.1");
  expect(await call).toEqual([]);
  expect(engine.driver.health().state).toBe("closed");
});

interface FakeEngine {
  driver: StorageDriver;
  mode: Mode | ((uid: string) => Mode);
  requests: number;
  server: Server;
  port: number;
}

/** Answers the one request that these tests need, a list of users without any, in one of several ways. */
async function startEngine(mode: FakeEngine["mode"]): Promise<FakeEngine> {
  const engine = { mode, requests: 0 } as FakeEngine;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const uid = new URL(request.url ?? "/", "http://engine").searchParams.get("uid") ?? "";
    const how = typeof engine.mode === "function" ? engine.mode(uid) : engine.mode;
    if (how === "answers") response.end(JSON.stringify({ keys: [], truncated: false }));
    if (how === "fails") response.writeHead(500).end();
    if (how === "denies") response.writeHead(403).end(JSON.stringify({ Code: "AccessDenied" }));
    if (how === "conflicts") response.writeHead(409).end(JSON.stringify({ Code: "ConcurrentModification" }));
  };
  engine.server = createServer((request, response) => {
    engine.requests += 1;
    answer(request, response);
  });
  server = engine.server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  engine.port = (server.address() as AddressInfo).port;
  engine.driver = createCephDriver({
    endpoint: `http://127.0.0.1:${engine.port}`,
    region: "sa-east-1",
    adminKey: generateAccessKey(),
  });
  return engine;
}

async function timed(call: () => Promise<unknown>) {
  const startedAt = performance.now();
  const error = await call().then(
    () => ({}),
    (thrown: object) => ({ ...thrown }),
  );
  return { ...error, ms: performance.now() - startedAt };
}
