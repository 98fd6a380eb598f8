import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { databaseUrl, ensureDatabase, ensureRole } from "#embedded/postgres/databases.ts";
import { createTestDatabase, freePort, type TestDatabase } from "#tests/support/postgres.ts";
import { checkDatabaseRoles } from "./database-roles.ts";

const { superuserUrl, password } = inject("postgres");
let database: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ superuserUrl, password });
  other = await createTestDatabase({ superuserUrl, password });
});
afterAll(async () => {
  await database.drop();
  await other.drop();
});

const check = (urls: { owner?: string; runtime?: string }) =>
  checkDatabaseRoles({
    ownerUrl: urls.owner ?? database.urlFor("balde_owner"),
    runtimeUrl: urls.runtime ?? database.urlFor("balde_app"),
  });

describe("the two roles", () => {
  it("pass, whatever the runtime role is called", async () => {
    expect(await check({})).toBe("balde_app");

    const name = "Tenant-Console";
    await ensureRole(superuserUrl, { name, password: "p@ss:w/rd%" });
    await ensureDatabase(superuserUrl, { name: database.name, owner: "balde_owner", connect: [name] });
    const runtime = databaseUrl(superuserUrl, name, "p@ss:w/rd%", database.name);
    expect(await check({ runtime })).toBe(name);
  });

  it("are two: an owner or a superuser is bound by no grant", async () => {
    const owner = database.urlFor("balde_owner");
    await expect(check({ runtime: owner })).rejects.toThrow(/^DATABASE_URL: the role "balde_owner" must be/);
    const superuser = databaseUrl(superuserUrl, "postgres", password, database.name);
    await expect(check({ runtime: superuser })).rejects.toThrow(/^DATABASE_URL: the role "postgres" must be/);
  });

  it("are not mixed up", async () => {
    const urls = { owner: database.urlFor("balde_app"), runtime: database.urlFor("balde_owner") };
    await expect(check(urls)).rejects.toThrow(
      /^MIGRATION_DATABASE_URL: the role "balde_app" may not create tables/,
    );
  });

  it("name one database", async () => {
    await expect(check({ runtime: other.urlFor("balde_app") })).rejects.toThrow(
      "must name the same database",
    );
  });
});

describe("a connection that fails names its variable, never the password", () => {
  const nobodysPort = async () =>
    `postgresql://balde_app:hunter2@127.0.0.1:${await freePort()}/${database.name}`;
  const wrongPassword = () => databaseUrl(superuserUrl, "balde_app", "hunter2", database.name);
  const noDatabase = () => databaseUrl(superuserUrl, "balde_app", password, "nowhere");
  const noRight = () => databaseUrl(superuserUrl, "balde_s3", password, database.name);

  it.each([
    [
      "no server there",
      nobodysPort,
      /^DATABASE_URL: no connection to PostgreSQL at 127\.0\.0\.1:\d+: .*REFUSED/,
    ],
    ["a wrong password", wrongPassword, /^DATABASE_URL: .* refuses the role or its password/],
    ["no such database", noDatabase, /^DATABASE_URL: .*"nowhere" does not exist.* docs\/operating\.md/],
    ["no right to connect", noRight, /^DATABASE_URL: .*permission denied for database/],
  ])("%s", async (_what, url, message) => {
    const failure = check({ runtime: await url() });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow("hunter2");
  });
});
