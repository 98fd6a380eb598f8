import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { testEnvironment } from "#tests/support/environment.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/postgres.ts";

let database: TestDatabase;
let client: pg.Client;
let dataDir: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("postgres"), { template: "balde_template" });
  client = new pg.Client({ connectionString: database.urlFor("balde_owner") });
  await client.connect();
  dataDir = await mkdtemp(join(tmpdir(), "balde-recover-"));
});
afterAll(async () => {
  await client.end();
  await database.drop();
  await rm(dataDir, { recursive: true });
});

/** `npm run operator:recover`, as the server's shell runs it. */
async function recover(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, ...testEnvironment(database), DATA_DIR: dataDir };
  const command = ["scripts/operator-recover.ts", ...args];
  return promisify(execFile)(process.execPath, command, { env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );
}

async function makeUser(email: string, providerRole: string | null): Promise<void> {
  await client.query(
    `INSERT INTO "user" (id, email, name, locale, provider_role, updated_at) VALUES ($1, $2, 'Ana', 'en', $3, now())`,
    [randomUUID(), email, providerRole],
  );
}

const linkTokens = async () => (await client.query("SELECT purpose, token_hash FROM link_token")).rows;

// In this order: each builds on what is there after the one before.
test("where nobody is, it points to the link of the start", async () => {
  expect(await recover("ana@example.test")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("The link that the start prints makes the first operator"),
  });
});

test("without an address it lists the operators", async () => {
  await makeUser("ana@example.test", "operator");
  await makeUser("bia@example.test", null);
  const { code, out } = await recover();
  expect(code).toBe(0);
  expect(out).toContain("ana@example.test  Ana  (no two-step verification)");
  expect(out).not.toContain("bia@example.test");
});

test.each([
  [["nobody@example.test"], "No user has the address nobody@example.test"],
  [["bia@example.test"], "bia@example.test is no operator. To make this user one, add --promote."],
  [["bia"], "bia is no e-mail address"],
  [["--promote"], "Usage:"],
  [["--force"], "Usage:"],
  [["ana@example.test", "bia@example.test"], "Usage:"],
])("%j is refused and says why", async (args, words) => {
  expect(await recover(...args)).toMatchObject({ code: 1, out: "", err: expect.stringContaining(words) });
  expect(await linkTokens()).toEqual([]);
});

test("prints a link for an operator, and nothing else on standard output; what is kept is its hash", async () => {
  const { code, out, err } = await recover("Ana@Example.test");
  expect(code).toBe(0);
  expect(out).toMatch(/^http:\/\/localhost:3000\/recovery\/[\w-]{43}\n$/);
  expect(err).toContain("Works once, within 1 hour");
  const [link, ...others] = await linkTokens();
  expect(others).toEqual([]);
  expect(link.purpose).toBe("operator_recovery");
  expect(out).not.toContain(link.token_hash.toString("base64url"));
  const { rows } = await client.query(
    "SELECT actor_kind, actor_id, outcome FROM audit_event WHERE action = 'operators:recover' ORDER BY occurred_at",
  );
  expect(rows.at(-1)).toEqual({ actor_kind: "system", actor_id: "operator-recover", outcome: "succeeded" });
});

test("makes another user an operator only where it is told to", async () => {
  const { code, out, err } = await recover("bia@example.test", "--promote");
  expect(code).toBe(0);
  expect(out).toContain("/recovery/");
  expect(err).toContain("Makes this user an operator.");
});

test("says so where the database is away", async () => {
  const env = { ...process.env, ...testEnvironment(database), DATA_DIR: dataDir };
  const away = { ...env, DATABASE_URL: "postgresql://balde_app:x@127.0.0.1:9/balde" };
  const attempt = promisify(execFile)(process.execPath, ["scripts/operator-recover.ts"], { env: away });
  await expect(attempt).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Is Balde running?"),
  });
});
