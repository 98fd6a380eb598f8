import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import type { CallOptions, StorageDriver } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

const adminKey = generateAccessKey();
const managementKey = generateAccessKey();
const newKey = generateAccessKey();
const quota = { maxSizeBytes: null, maxObjects: null };
const hour = new Date(Date.UTC(2026, 2, 1, 14));

const at = { managementKey, bucket: "bucket" };
const by = { key: managementKey, bucket: "bucket" };
const object = { ...by, object: "a/b" };
const upload = { ...object, uploadId: "u" };
const grant = { user: "k", permission: "read", buckets: "all" } as const;

/** Every method of the port that asks the engine within a deadline of the caller's. */
const CALLS: Record<
  Exclude<keyof StorageDriver, "health" | "presignGet" | "presignPart" | "putObject">,
  (driver: StorageDriver, options: CallOptions) => Promise<unknown>
> = {
  capabilities: (driver, options) => driver.capabilities(options),
  checkHealth: (driver, options) => driver.checkHealth(options),
  provisionTenant: (driver, options) =>
    driver.provisionTenant({ tenant: "t", displayName: "T", managementKey, quota }, options),
  getTenant: (driver, options) => driver.getTenant("t", options),
  setQuota: (driver, options) => driver.setQuota({ tenant: "t", quota }, options),
  suspendTenant: (driver, options) => driver.suspendTenant("t", options),
  resumeTenant: (driver, options) =>
    driver.resumeTenant({ tenant: "t", keys: [{ user: "k", permission: "read", buckets: "all" }] }, options),
  removeTenant: (driver, options) => driver.removeTenant("t", options),
  createBucket: (driver, options) => driver.createBucket({ managementKey, bucket: "bucket" }, options),
  deleteBucket: (driver, options) => driver.deleteBucket({ managementKey, bucket: "bucket" }, options),
  headBucket: (driver, options) => driver.headBucket({ managementKey, bucket: "bucket" }, options),
  listBuckets: (driver, options) => driver.listBuckets({ managementKey }, options),
  bucketStats: (driver, options) => driver.bucketStats({ tenant: "t", bucket: "bucket" }, options),
  createAccessKey: (driver, options) =>
    driver.createAccessKey(
      { tenant: "t", user: "k", ...newKey, permission: "read", buckets: ["bucket"] },
      options,
    ),
  listAccessKeys: (driver, options) => driver.listAccessKeys("t", options),
  setAccessKeyActive: (driver, options) =>
    driver.setAccessKeyActive(
      { tenant: "t", user: "k", active: true, permission: "read", buckets: "all" },
      options,
    ),
  revokeAccessKey: (driver, options) => driver.revokeAccessKey({ tenant: "t", user: "k" }, options),
  getVersioning: (driver, options) => driver.getVersioning(at, options),
  setVersioning: (driver, options) => driver.setVersioning({ ...at, versioning: "enabled" }, options),
  getLifecycle: (driver, options) => driver.getLifecycle(at, options),
  setLifecycle: (driver, options) =>
    driver.setLifecycle(
      { ...at, rules: [{ id: "r", enabled: true, filter: {}, expiration: { days: 1 } }] },
      options,
    ),
  deleteLifecycle: (driver, options) => driver.deleteLifecycle(at, options),
  getCors: (driver, options) => driver.getCors(at, options),
  setCors: (driver, options) =>
    driver.setCors({ ...at, rules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] }, options),
  deleteCors: (driver, options) => driver.deleteCors(at, options),
  getBucketTags: (driver, options) => driver.getBucketTags(at, options),
  setBucketTags: (driver, options) =>
    driver.setBucketTags({ ...at, tags: [{ key: "k", value: "v" }] }, options),
  deleteBucketTags: (driver, options) => driver.deleteBucketTags(at, options),
  getBucketQuota: (driver, options) => driver.getBucketQuota({ tenant: "t", bucket: "bucket" }, options),
  setBucketQuota: (driver, options) =>
    driver.setBucketQuota({ tenant: "t", bucket: "bucket", quota }, options),
  listTenants: (driver, options) => driver.listTenants(options),
  tenantState: (driver, options) => driver.tenantState({ tenant: "t" }, options),
  adoptTenant: (driver, options) =>
    driver.adoptTenant({ tenant: "t", displayName: null, managementKey }, options),
  takeOverBucket: (driver, options) => driver.takeOverBucket({ tenant: "t", bucket: "bucket" }, options),
  removeAccessKeyId: (driver, options) =>
    driver.removeAccessKeyId({ tenant: "t", accessKeyId: "BLDX", holder: grant }, options),
  listObjects: (driver, options) => driver.listObjects({ ...by, limit: 10 }, options),
  listVersions: (driver, options) => driver.listVersions({ ...by, limit: 10 }, options),
  listUploads: (driver, options) => driver.listUploads({ ...by, limit: 10 }, options),
  listParts: (driver, options) => driver.listParts(upload, options),
  headObject: (driver, options) => driver.headObject(object, options),
  getObjectTags: (driver, options) => driver.getObjectTags(object, options),
  getObject: (driver, options) => driver.getObject(object, options),
  restoreVersion: (driver, options) => driver.restoreVersion({ ...object, versionId: "v" }, options),
  deleteObjects: (driver, options) =>
    driver.deleteObjects({ ...by, objects: [{ object: "a" }, { object: "\u0001" }] }, options),
  createUpload: (driver, options) => driver.createUpload(object, options),
  completeUpload: (driver, options) => driver.completeUpload(upload, options),
  abortUpload: (driver, options) => driver.abortUpload(upload, options),
  keysLastUse: (driver, options) => driver.keysLastUse({ tenant: "t" }, options),
  usage: (driver, options) =>
    driver.usage({ tenant: "t", from: hour, to: new Date(hour.getTime() + 3_600_000) }, options),
};
const METHODS = Object.entries(CALLS);

/** Too little time to try again. */
const briefly = { deadlineMs: 400 };

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
  server = undefined;
});

describe("an engine that does not answer", () => {
  test.each(METHODS)("refused connection: %s is unavailable", async (operation, run) => {
    const driver = driverFor(await listen(createServer()));
    server?.close();
    const error = await errorOf(run(driver, briefly));
    expect(error).toMatchObject({ code: "unavailable", retryable: true, operation });
    expect(error.engineCode).toBe("ECONNREFUSED");
  });

  test.each(METHODS)("hanging: %s is unavailable at its deadline", async (operation, run) => {
    const driver = driverFor(await listen(createServer(() => {})));
    const startedAt = performance.now();
    const error = await errorOf(run(driver, { deadlineMs: 150 }));
    expect(error).toMatchObject({ code: "unavailable", operation, engineCode: "DeadlineExceeded" });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("refused connection: an upload is unavailable, and its stream is ended", async () => {
    const driver = driverFor(await listen(createServer()));
    server?.close();
    const body = Readable.from([Buffer.alloc(9 * 1_048_576)]);
    const error = await errorOf(driver.putObject({ ...object, body, contentType: "a/b" }));
    expect(error).toMatchObject({ code: "unavailable", engineCode: "ECONNREFUSED" });
    expect(body.destroyed).toBe(true);
  });

  test("hanging in the middle of an answer counts too", async () => {
    const driver = driverFor(
      await listenHttp((_request, response) => {
        response.writeHead(200, { "content-length": "100" }).write("{");
      }),
    );
    for (const method of ["getTenant", "listBuckets"] as const) {
      const error = await errorOf(CALLS[method](driver, { deadlineMs: 150 }));
      expect(error).toMatchObject({ code: "unavailable", engineCode: "DeadlineExceeded" });
    }
  });

  test("a connection that the engine closed meanwhile is tried again", async () => {
    let requests = 0;
    const driver = driverFor(
      await listenHttp((request, response) => {
        requests += 1;
        if (requests === 2) request.socket.destroy();
        else response.end(JSON.stringify({ keys: [], truncated: false, count: 0 }));
      }),
    );
    await driver.checkHealth();
    await driver.checkHealth();
    expect(requests).toBe(3);
  });
});

describe("an engine that answers nonsense", () => {
  test.each(METHODS)("503 and a proxy's page: %s is unavailable", async (operation, run) => {
    const driver = driverFor(await listenHttp(badGateway));
    const error = await errorOf(run(driver, briefly));
    expect(error).toMatchObject({ code: "unavailable", status: 503, operation });
  });

  test("it is asked four times while there is time, and once when there is not", async () => {
    let requests = 0;
    const port = await listenHttp((request, response) => {
      requests += 1;
      badGateway(request, response);
    });
    await errorOf(CALLS.getTenant(driverFor(port), {}));
    expect(requests).toBe(4);
    await errorOf(CALLS.getTenant(driverFor(port), briefly));
    expect(requests).toBe(5);
  });

  test.each(["getTenant", "listAccessKeys", "bucketStats", "usage"] as const)(
    "200 and a proxy's page: %s is unexpected, and not tried again",
    async (method) => {
      const driver = driverFor(await listenHttp((_request, response) => response.end("<h1>Welcome</h1>")));
      expect(await errorOf(CALLS[method](driver, {}))).toMatchObject({
        code: "unexpected",
        retryable: false,
      });
    },
  );

  test("a redirect is not followed: the query holds secrets", async () => {
    let visits = 0;
    const elsewhere = await listenHttp((_request, response) => {
      visits += 1;
      response.end("{}");
    });
    const first = server;
    const driver = driverFor(
      await listenHttp((request, response) => {
        response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}${request.url}` }).end();
      }),
    );
    await errorOf(CALLS.provisionTenant(driver, {}));
    await errorOf(CALLS.listBuckets(driver, {}));
    first?.close();
    expect(visits).toBe(0);
  });

  test.each(METHODS)("an engine that quotes the request: %s tells no secret", async (_operation, run) => {
    for (const status of [400, 403, 500]) {
      const driver = driverFor(
        await listenHttp((request, response) => {
          const quoted = `${decodeURIComponent(request.url ?? "")} ${adminKey.secretAccessKey}`;
          response.writeHead(status, { "x-amz-request-id": quoted.slice(0, 200) });
          response.end(
            request.url?.startsWith("/admin")
              ? JSON.stringify({ Code: quoted, Message: quoted })
              : `<Error><Code>${managementKey.secretAccessKey} ${quoted}</Code><Message>${quoted}</Message></Error>`,
          );
        }),
      );
      const error = await errorOf(run(driver, briefly));
      const printed = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join("\n");
      for (const { secretAccessKey } of [adminKey, managementKey, newKey]) {
        expect(printed).not.toContain(secretAccessKey);
      }
      server?.close();
    }
  });
});

describe("a malformed argument is a TypeError and reaches no engine", () => {
  const driver = createCephDriver({ endpoint: "http://127.0.0.1:1", region: "sa-east-1", adminKey });
  const key = { ...newKey, permission: "read", buckets: "all" } as const;
  test.each([
    ["a tenant with another's separator", () => driver.getTenant("a$b")],
    ["an empty tenant", () => driver.suspendTenant("")],
    ["the owner as a key", () => driver.revokeAccessKey({ tenant: "t", user: "owner" })],
    ["a key's user with a path", () => driver.createAccessKey({ tenant: "t", user: "../x", ...key })],
    [
      "a bucket that is a wildcard",
      () => driver.createAccessKey({ tenant: "t", user: "k", ...key, buckets: ["abc", "b*"] }),
    ],
    ["a bucket that is a path", () => driver.deleteBucket({ managementKey, bucket: "b/../c" })],
    ["a bucket of another tenant", () => driver.createBucket({ managementKey, bucket: "other:bucket" })],
    ["a bucket with a query", () => driver.headBucket({ managementKey, bucket: "bucket?acl" })],
  ])("%s", async (_what, run) => {
    await expect(run()).rejects.toThrow(TypeError);
  });
});

function driverFor(port: number): StorageDriver {
  return createCephDriver({ endpoint: `http://127.0.0.1:${port}`, region: "sa-east-1", adminKey });
}

async function listen(listener: Server): Promise<number> {
  server = listener;
  listener.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return (listener.address() as AddressInfo).port;
}

const badGateway: RequestListener = (_request, response) => {
  response.writeHead(503, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
};

function listenHttp(answer: RequestListener): Promise<number> {
  return listen(createHttpServer(answer));
}

async function errorOf(call: Promise<unknown>): Promise<StorageError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error as StorageError;
}
