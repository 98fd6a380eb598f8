import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "#tests/support/postgres.ts";
import { digestSources } from "./build.ts";
import { lockDataDirectory, whileBuilding } from "./lock.ts";
import { assertPortsFree } from "./ports.ts";
import { type Service, type ServiceDefinition, startService } from "./service.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "balde-launcher-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("ports", () => {
  let taken: Server;
  const port = () => (taken.address() as { port: number }).port;
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, "127.0.0.1", listening));
  });
  afterAll(() => void taken.close());

  it("names the port that is taken and the variable to change", async () => {
    const free = { what: "the console", variable: "PORT", port: await freePort(), host: "127.0.0.1" };
    const needed = [
      free,
      { what: "the object store", variable: "EMBEDDED_S3_PORT", port: port(), host: "127.0.0.1" },
    ];
    await expect(assertPortsFree(needed, 0)).rejects.toThrow(
      `Port ${port()}, for the object store, is taken by another program. ` +
        "Stop that program, or set EMBEDDED_S3_PORT to a free port.",
    );
    await assertPortsFree([free], 0);
  });

  it("refuses one port for two purposes", async () => {
    const one = { what: "the console", variable: "PORT", port: 3999, host: "127.0.0.1" };
    await expect(assertPortsFree([one, { ...one, variable: "EMBEDDED_S3_PORT" }])).rejects.toThrow(
      "Port 3999 is set for two purposes; set EMBEDDED_S3_PORT to another.",
    );
  });
});

describe("locks", () => {
  it("let one launcher work on a data directory", async () => {
    await lockDataDirectory(join(directory, "a"));
    await lockDataDirectory(join(directory, "b"));
    await expect(lockDataDirectory(join(directory, "x", "..", "a"))).rejects.toThrow("Balde already runs on");
  });

  it("let one build run at a time", async () => {
    let running = 0;
    const build = () =>
      whileBuilding(async () => {
        running += 1;
        expect(running).toBe(1);
        await new Promise((done) => setTimeout(done, 20));
        running -= 1;
      });
    await Promise.all([build(), build(), build()]);
  });
});

it("sees by content whether a build is stale, tests left out", async () => {
  const sources = join(directory, "sources");
  await mkdir(join(sources, "deep"), { recursive: true });
  await writeFile(join(sources, "deep", "a.ts"), "one");
  const before = await digestSources([sources, join(sources, "missing")]);
  await writeFile(join(sources, "deep", "a.test.ts"), "a test");
  expect(await digestSources([sources, join(sources, "missing")])).toBe(before);
  await writeFile(join(sources, "deep", "a.ts"), "two");
  expect(await digestSources([sources, join(sources, "missing")])).not.toBe(before);
});

describe("a service", () => {
  const services: Service[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
  });

  /** Starts a worker whose program is `source`. */
  async function start(source: string, dataDir: string): Promise<Service> {
    const program = join(dataDir, "program.ts");
    await mkdir(dataDir, { recursive: true });
    await writeFile(program, source);
    const definition: ServiceDefinition = {
      name: "worker",
      args: [program],
      environment: process.env,
      dataDir,
      readyWhen: { logged: "worker ready" },
    };
    const service = startService(definition);
    services.push(service);
    return service;
  }

  const polite = `
    const log = (level: number, msg: string) => console.log(JSON.stringify({ level, msg, secret: "s3cret" }));
    process.once("SIGTERM", () => { log(30, "clean end"); process.exit(0); });
    setInterval(() => {}, 1000);
    log(50, "it broke"); log(30, "worker ready");`;
  const pidOf = async (dataDir: string) => Number(await readFile(join(dataDir, "run", "worker.pid"), "utf8"));

  it("comes back when it is killed, ends cleanly when it is told, and logs to its file", async () => {
    const dataDir = join(directory, "polite");
    const shown = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const service = await start(polite, dataDir);
    await service.ready;
    const pid = await pidOf(dataDir);

    process.kill(pid, "SIGKILL");
    await vi.waitFor(async () => expect(await pidOf(dataDir)).not.toBe(pid), { timeout: 5_000 });
    const logFile = join(dataDir, "logs", "worker.log");
    await vi.waitFor(
      async () => expect((await readFile(logFile, "utf8")).match(/worker ready/g)).toHaveLength(2),
      { timeout: 5_000 },
    );
    await service.stop();
    await vi.waitFor(async () => expect(await readFile(logFile, "utf8")).toContain("clean end"));
    expect(await readdir(join(dataDir, "run"))).toEqual([]);

    const terminal = shown.mock.calls.map(([text]) => String(text)).join("");
    shown.mockRestore();
    expect(terminal).toContain("[worker] ended unexpectedly (SIGKILL); starting it again in 0.5 s");
    expect(terminal).toContain("[worker] error: it broke\n");
    expect(terminal).not.toContain("s3cret");
  });

  it("is not tried again when it ends at its first start", async () => {
    const service = await start("process.exit(3);", join(directory, "broken"));
    await expect(service.ready).rejects.toThrow("worker ended at its start (code 3)");
  });

  it("ends by itself when the launcher is gone", async () => {
    const dataDir = join(directory, "orphan");
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, "program.ts"), polite);
    const launcher = join(dataDir, "launcher.ts");
    await writeFile(
      launcher,
      `import { startService } from ${JSON.stringify(join(import.meta.dirname, "service.ts"))};
      await startService({
        name: "worker",
        args: [${JSON.stringify(join(dataDir, "program.ts"))}],
        environment: process.env,
        dataDir: ${JSON.stringify(dataDir)},
        readyWhen: { logged: "worker ready" },
      }).ready;
      process.kill(process.pid, "SIGKILL");`,
    );
    const { spawn } = await import("node:child_process");
    await new Promise((ended) =>
      spawn(process.execPath, [launcher], { stdio: "ignore" }).once("exit", ended),
    );
    const pid = await pidOf(dataDir);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 5_000 });
  });
});
