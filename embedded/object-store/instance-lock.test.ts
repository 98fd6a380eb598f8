import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/support/postgres.ts";
import { holdInstanceLock } from "./instance-lock.ts";

let database: TestDatabase;
let superuser: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase(inject("postgres"), { owner: "balde_s3" });
  superuser = new pg.Client({ connectionString: inject("postgres").superuserUrl });
  await superuser.connect();
});

afterAll(async () => {
  await superuser?.end();
  await database?.drop();
});

const unexpected = () => {
  throw new Error("the lock was lost");
};

/** Process ids of the connections that hold an advisory lock in the test's database. */
async function holders(): Promise<number[]> {
  const { rows } = await superuser.query(
    `select l.pid from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = $1 and l.locktype = 'advisory' and l.granted`,
    [database.name],
  );
  return rows.map(({ pid }) => pid);
}

test("a second process waits until the first one ends", async () => {
  const release = await holdInstanceLock(database.urlFor("balde_s3"), unexpected);
  let secondHolds = false;
  const second = holdInstanceLock(database.urlFor("balde_s3"), unexpected).then((releaseSecond) => {
    secondHolds = true;
    return releaseSecond;
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(secondHolds).toBe(false);
  await release();
  await (await second)();
  expect(await holders()).toEqual([]);
});

test("it is taken again when its connection breaks", async () => {
  const release = await holdInstanceLock(database.urlFor("balde_s3"), unexpected);
  const [pid] = await holders();
  await superuser.query("select pg_terminate_backend($1)", [pid]);
  // The broken session may still be listed for a moment.
  await expect
    .poll(async () => (await holders()).filter((holder) => holder !== pid), { timeout: 5_000 })
    .toHaveLength(1);
  await release();
  expect(await holders()).toEqual([]);
});
