import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { createKeyUse } from "./key-use.ts";
import { admin, createTenant, failure, s3Client } from "./testing.ts";
import { withTables } from "./testing-database.ts";

describe("notes of use", () => {
  const tables = withTables();

  async function newKey(id: string): Promise<void> {
    await tables.pool.query(
      `with made as (insert into s3.users (name, display_name) values ($1, $1) returning id)
       insert into s3.access_keys (access_key_id, user_id, secret_access_key) select $1, id, 'x' from made`,
      [id],
    );
  }
  const lastUseOf = async (id: string) =>
    (
      await tables.pool.query("select last_used_at from s3.access_keys where access_key_id = $1", [id])
    ).rows[0]?.last_used_at?.getTime() ?? null;

  test("are written once a minute for each key, or when they are asked for", async () => {
    const start = Date.UTC(2026, 0, 31);
    let now = start;
    const use = createKeyUse(tables.pool, () => now);
    await newKey("K1");
    await newKey("K2");
    await use.flush();
    expect(await lastUseOf("K1")).toBeNull();

    use.note("K1");
    use.note("unknown");
    await use.flush();
    expect(await lastUseOf("K1")).toBe(start);
    expect(await lastUseOf("K2")).toBeNull();

    now += 59_000;
    use.note("K1");
    use.note("K2");
    await use.flush();
    expect(await lastUseOf("K1")).toBe(start);
    expect(await lastUseOf("K2")).toBe(now);
    now += 1_000;
    await use.flush();
    expect(await lastUseOf("K1")).toBe(start + 59_000);

    now += 5_000;
    use.note("K1");
    await use.flush({ all: true });
    expect(await lastUseOf("K1")).toBe(now);
  });

  test("a database that was away is told later", async () => {
    await newKey("K3");
    let isAway = true;
    const flaky = {
      query: (...query: Parameters<typeof tables.pool.query>) => {
        if (isAway) throw new Error("away");
        return tables.pool.query(...query);
      },
    } as unknown as typeof tables.pool;
    const use = createKeyUse(flaky);
    use.note("K3");
    await expect(use.flush()).rejects.toThrow("away");
    isAway = false;
    await use.flush();
    expect(await lastUseOf("K3")).toBeGreaterThan(0);
  });
});

describe("GET /admin/user?key-use", () => {
  let store: TestObjectStore;
  beforeAll(async () => {
    store = await startObjectStore(inject("postgres"));
  });
  afterAll(() => store?.stop());

  test("tells what was signed with which key, at once, and outlives a stop", async () => {
    const { tenant, key } = await createTenant(store);
    const lastUse = async () => {
      const { json } = await admin(store, "GET", "/user", { "key-use": "", tenant });
      return (json as { access_key: string; last_used: string | null }[])[0];
    };
    expect(await lastUse()).toMatchObject({ access_key: key.accessKeyId, last_used: null });
    const wrong = s3Client(store, { ...key, secretAccessKey: "wrong" });
    await failure(wrong.send(new ListBucketsCommand({})));
    expect(await lastUse()).toMatchObject({ last_used: null });
    await s3Client(store, key).send(new ListBucketsCommand({}));
    const used = (await lastUse())?.last_used;
    expect(Math.abs(Date.parse(used ?? "") - Date.now())).toBeLessThan(10_000);
    await store.kill();
    await store.start();
    expect((await lastUse())?.last_used).toBe(used);
  });

  test("knows no other tenant's keys", async () => {
    const { json } = await admin(store, "GET", "/user", { "key-use": "", tenant: "nobody" });
    expect(json).toEqual([]);
  });
});
