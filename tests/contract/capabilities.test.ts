import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import type { StorageDriver } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

// What releases that are not at hand answer to the questions by which the driver knows them: 16.2.15 was seen, the
// others are as the sources of rgw_rest_info.cc, rgw_rest_account.cc and rgw_rest_user.cc have it.
const releases = {
  "16.2": { "/admin/info": 405, "/admin/account": 405, "/admin/user": 200 },
  "17.2 and 18.2": { "/admin/info": 403, "/admin/account": 405, "/admin/user": 200 },
  "19.2 without the capability for accounts": {
    "/admin/info": 403,
    "/admin/account": 403,
    "/admin/user": 200,
  },
  "19.2 with it": { "/admin/info": 200, "/admin/account": 404, "/admin/user": 200 },
  "a refused admin key": { "/admin/info": 403, "/admin/account": 403, "/admin/user": 403 },
} satisfies Record<string, Record<string, number>>;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe("which engine it is", () => {
  test.each(["16.2", "17.2 and 18.2"] as const)("Ceph %s: a tenant with users", async (release) => {
    const { driver } = await startEngine(releases[release]);
    expect(await driver.capabilities()).toMatchObject({
      engine: "ceph",
      tenancy: "tenant-users",
      limitation: null,
    });
  });

  test.each(["19.2 without the capability for accounts", "19.2 with it"] as const)(
    "Ceph %s: left for another time, and nothing is begun there",
    async (release) => {
      const { driver, requests } = await startEngine(releases[release]);
      expect(await driver.capabilities()).toMatchObject({
        engine: "ceph",
        tenancy: "none",
        limitation: "accounts-not-supported-yet",
      });
      const managementKey = generateAccessKey();
      const quota = { maxSizeBytes: null, maxObjects: null };
      const grant = { tenant: "t", user: "k", permission: "read", buckets: "all" } as const;
      for (const call of [
        () => driver.provisionTenant({ tenant: "t", displayName: "T", managementKey, quota }),
        () => driver.adoptTenant({ tenant: "t", displayName: null, managementKey }),
        () => driver.createAccessKey({ ...grant, ...generateAccessKey() }),
        () => driver.setAccessKeyActive({ ...grant, active: true }),
      ]) {
        await expect(call()).rejects.toMatchObject({
          code: "unsupported",
          kind: "not-supported",
          engineCode: "AccountsNotSupportedYet",
        });
      }
      expect(requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
    },
  );

  test("an admin key that is refused for everything is no release", async () => {
    const { driver } = await startEngine(releases["a refused admin key"]);
    await expect(driver.capabilities()).rejects.toMatchObject({ code: "denied" });
  });

  test("it is asked once, and again after the engine was away: it may come back upgraded", async () => {
    const engine = await startEngine({ ...releases["16.2"] });
    expect(await engine.driver.capabilities()).toMatchObject({ tenancy: "tenant-users" });
    const asked = engine.requests.length;
    expect(await engine.driver.capabilities()).toMatchObject({ tenancy: "tenant-users" });
    expect(engine.requests).toHaveLength(asked);

    Object.assign(engine.answers, { "/admin/user": 500 });
    await expect(engine.driver.listTenants({ deadlineMs: 500 })).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(engine.driver.health().state).toBe("open");
    Object.assign(engine.answers, releases["19.2 with it"]);
    await expect.poll(() => engine.driver.health().state, { timeout: 5_000 }).toBe("closed");
    expect(await engine.driver.capabilities()).toMatchObject({ tenancy: "none" });
  });
});

/** An engine that answers each path with one status. */
async function startEngine(answers: Record<string, number>) {
  const requests: string[] = [];
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://engine");
    requests.push(`${request.method} ${pathname}`);
    const status = answers[pathname] ?? 404;
    const bodies: Record<string, object> = {
      "/admin/info": { info: { storage_backends: [{ name: "rados", cluster_id: "x" }] } },
      "/admin/user": { keys: [], truncated: false, count: 0 },
    };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? bodies[pathname] : { RequestId: "x", HostId: "y" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const driver: StorageDriver = createCephDriver({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "sa-east-1",
    adminKey: generateAccessKey(),
  });
  return { driver, requests, answers };
}
