import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "#tests/support/postgres.ts";
import { databaseUrl, dropDatabase, ensureDatabase, ensureRole } from "./databases.ts";
import {
  type PostgresOptions,
  type RunningPostgres,
  runningPort,
  startPostgres,
  stopRunning,
} from "./server.ts";

let directory: string;
let options: PostgresOptions;
let server: RunningPostgres;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "balde-postgres-"));
  await chmod(directory, 0o711);
  options = {
    dataDir: join(directory, "data"),
    port: await freePort(),
    superuserPassword: "it's a “password” with everything: /?#%",
  };
  server = await startPostgres(options);
});

afterAll(async () => {
  await stopRunning(options.dataDir);
  await rm(directory, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

it("is UTF-8 with the builtin locale, on loopback TCP alone, and asks for passwords", async () => {
  expect(
    await query(
      server.superuserUrl,
      `select pg_encoding_to_char(encoding), datlocprovider::text, datlocale, current_setting('listen_addresses'),
         current_setting('unix_socket_directories'), current_setting('password_encryption')
       from pg_database where datname = 'template1'`,
    ),
  ).toEqual([["UTF8", "b", "C.UTF-8", "127.0.0.1", "", "scram-sha-256"]]);
  await expect(query(server.superuserUrl.replace(/:[^:@]+@/, ":wrong@"), "select 1")).rejects.toThrow(
    "password authentication failed",
  );
  expect(await readFile(join(options.dataDir, "pg_hba.conf"), "utf8").catch(() => "")).not.toMatch(
    /^[^#].*trust/m,
  );
});

it("makes roles and databases once, and keeps others out", async () => {
  const url = server.superuserUrl;
  for (const password of ["first", "second"]) {
    await ensureRole(url, { name: "owner", password, createDatabases: true });
    await ensureRole(url, { name: "app", password });
    await ensureRole(url, { name: "stranger", password });
    await ensureDatabase(url, { name: "console", owner: "owner", connect: ["app"] });
  }
  expect(await query(databaseUrl(url, "app", "second", "console"), "select current_user")).toEqual([["app"]]);
  await expect(query(databaseUrl(url, "app", "first", "console"), "select 1")).rejects.toThrow("password");
  await expect(query(databaseUrl(url, "stranger", "second", "console"), "select 1")).rejects.toThrow(
    "permission denied for database",
  );
  await expect(query(databaseUrl(url, "app", "second", "console"), "create table t ()")).rejects.toThrow(
    "permission denied for schema public",
  );
  await query(databaseUrl(url, "owner", "second", "console"), "create table t ()");
  await dropDatabase(url, "console");
  await dropDatabase(url, "console");
});

it("is adopted when a launcher that was killed left it running", async () => {
  const again = await startPostgres(options);
  expect(again).toMatchObject({ adopted: true, pid: server.pid });
  expect(runningPort(options.dataDir)).toBe(options.port);
});

it("says so when the password kept for it is another", async () => {
  await expect(startPostgres({ ...options, superuserPassword: "other" })).rejects.toThrow("belong together");
});

it("comes back after kill -9, with what was committed", async () => {
  await query(server.superuserUrl, "create table survivor as select 7 as n");
  // A helper of the killed server that is still busy holds its shared memory.
  const busy = query(server.superuserUrl, "select pg_sleep(2)").catch((error: Error) => error);
  process.kill(server.pid, "SIGKILL");
  await server.exited;
  expect(runningPort(options.dataDir)).toBeUndefined();

  server = await startPostgres(options);
  expect(server.adopted).toBe(false);
  expect(await query(server.superuserUrl, "select n from survivor")).toEqual([[7]]);
  expect(await busy).toBeInstanceOf(Error);
});

it("does not take another program's process id for a running server", async () => {
  await server.stop();
  await writeFile(
    join(options.dataDir, "postmaster.pid"),
    `${process.pid}\n${options.dataDir}\n0\n${options.port}\n`,
  );
  server = await startPostgres(options);
  expect(server.adopted).toBe(false);
  expect(await query(server.superuserUrl, "select n from survivor")).toEqual([[7]]);
});

it("moves to another port when it is told to", async () => {
  const moved = { ...options, port: await freePort() };
  const old = server;
  server = await startPostgres(moved);
  await old.exited;
  expect(runningPort(options.dataDir)).toBe(moved.port);
  await server.stop();
  expect(runningPort(options.dataDir)).toBeUndefined();
});

it("fails at once, with the end of its log, when its port is taken", async () => {
  const blocker = (await import("node:net")).createServer();
  await new Promise<void>((listening) => blocker.listen(options.port, "127.0.0.1", listening));
  try {
    await expect(startPostgres(options)).rejects.toThrow(/did not start:[\s\S]*Address already in use/);
  } finally {
    blocker.close();
  }
});
