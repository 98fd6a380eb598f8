import { afterAll, beforeAll, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { applyRenewedObjectKey, readObjectKey, renewObjectKey } = await import("./object-key.ts");
const { db } = await import("#app/ports/db.server.ts");
afterAll(() => engine.stop());

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.makeTenant();
  await engine.storage.createBucket({ managementKey: tenant.managementKey, bucket: "fotos" });
});

const works = async (pair: Awaited<ReturnType<typeof readObjectKey>>) =>
  (await statusOf(engine.client(pair).put("fotos", "a"))) === 200;

test("is one, however many ask for it first, and works at once", async () => {
  const { id } = tenant.account;
  const pairs = await Promise.all(Array.from({ length: 5 }, () => readObjectKey(id)));
  expect(new Set(pairs.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  for (const pair of pairs) expect(await works(pair)).toBe(true);
});

test("renewed, the old pair opens nothing, also while others ask for the key", async () => {
  const { id } = tenant.account;
  const old = await readObjectKey(id);
  expect(await renewObjectKey(db, id)).toBe(true);
  const [, ...pairs] = await Promise.all([
    applyRenewedObjectKey(id),
    ...Array.from({ length: 5 }, () => readObjectKey(id)),
  ]);
  expect(await works(old)).toBe(false);
  for (const pair of pairs) expect(await works(pair)).toBe(true);
});

test("in an account at rest none is made, and a renewed one stays asleep", async () => {
  const other = await engine.makeTenant();
  const suspend = (id: string) => queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [id]);
  await suspend(other.account.id);
  await expect(readObjectKey(other.account.id)).rejects.toMatchObject({ code: "account-not-active" });
  expect(await renewObjectKey(db, other.account.id)).toBe(false);

  await suspend(tenant.account.id);
  await engine.storage.suspendTenant(tenant.tenant);
  await renewObjectKey(db, tenant.account.id);
  await applyRenewedObjectKey(tenant.account.id);
  expect(await works(await readObjectKey(tenant.account.id))).toBe(false);
});
