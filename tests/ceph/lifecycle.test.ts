import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePorts } from "../../scripts/ceph/ports.ts";
import { type CephProcess, runningProcesses } from "../../scripts/ceph/processes.ts";

/** Where `npm run test:ceph` looks for what it must stop if it is interrupted. */
const directory = process.env.CEPH_TEST_DIR ?? "";
let folder: string;
let port: number;
/** What the last start printed. */
let assignments: string;
beforeAll(async () => {
  if (!directory) throw new Error("run: npm run test:ceph -- --only lifecycle");
  folder = await mkdtemp(join(tmpdir(), "balde-ceph-"));
  port = await findFreePorts();
});
afterAll(async () => {
  await runScript("ceph-stop");
  await rm(folder, { recursive: true, force: true });
});

describe("a cluster of one's own", () => {
  test("is made by the first start, which says how the console reaches it; the next one says the same", async () => {
    const first = await runScript("ceph-start");
    expect(first).toMatch(
      new RegExp(
        `^export STORAGE_ENDPOINT='http://127\\.0\\.0\\.1:${port}'\n` +
          "export STORAGE_ADMIN_ACCESS_KEY='\\w{20}'\nexport STORAGE_ADMIN_SECRET_KEY='\\w{40}'\n$",
      ),
    );
    const processes = runningProcesses(directory);
    expect(await runScript("ceph-start")).toBe(first);
    expect(runningProcesses(directory)).toEqual(processes);
  });

  test("keeps its secrets from others on the machine", async () => {
    const files = ["", "cluster.json", "ceph.conf", "keyring"];
    const modes = files.map(async (name) => (await stat(join(directory, name))).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test("keeps what it holds when it is stopped, and stops whole", async () => {
    await withClient(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
      await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "stop", Body: "olá" }));
    });
    await runScript("ceph-stop");
    expect(Object.values(runningProcesses(directory)).flat()).toEqual([]);
    await runScript("ceph-stop");
    await runScript("ceph-start");
    expect(await read("stop")).toBe("olá");
  });

  test("keeps what it holds over kill -9 of all its processes", async () => {
    await withClient((s3) => s3.send(new PutObjectCommand({ Bucket: "kept", Key: "kill", Body: "olá" })));
    kill("supervisor", "gateway", "osd", "mon");
    await runScript("ceph-start");
    expect(await read("kill")).toBe("olá");
  });

  test("has a gateway that comes back by itself", async () => {
    const [before] = runningProcesses(directory).gateway;
    kill("gateway");
    await expect.poll(() => read("kill").catch(() => undefined), { timeout: 20_000 }).toBe("olá");
    expect(runningProcesses(directory).gateway).not.toContain(before);
  });

  test("has its gateway looked after again when the supervisor was killed", async () => {
    kill("supervisor");
    await runScript("ceph-start");
    kill("gateway");
    await expect.poll(() => read("kill").catch(() => undefined), { timeout: 20_000 }).toBe("olá");
  });
});

describe("what cannot be started says why", () => {
  test("other ports than the cluster was made for", async () => {
    await expect(runScript("ceph-start", { CEPH_PORT: String(port + 100) })).rejects.toThrow(
      `was made for CEPH_PORT=${port}`,
    );
  });

  test("a port that is taken", async () => {
    await expect(runScript("ceph-start", { CEPH_DIR: join(folder, "other") })).rejects.toThrow(
      `Port ${port}, for Ceph, is taken by another program.`,
    );
  });

  test("a folder with something else in it", async () => {
    await writeFile(join(folder, "letter.txt"), "dear all");
    await expect(runScript("ceph-start", { CEPH_DIR: folder })).rejects.toThrow("holds no cluster");
    expect((await stat(join(folder, "letter.txt"))).size).toBe(8);
  });
});

/** Runs a script as `npm run` does; answers its standard output, and throws its standard error. */
async function runScript(
  name: "ceph-start" | "ceph-stop",
  environment: Record<string, string> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [`scripts/${name}.ts`], {
    env: { ...process.env, CEPH_DIR: directory, CEPH_PORT: String(port), ...environment },
  });
  if (name === "ceph-start") assignments = stdout;
  return stdout;
}

function kill(...names: CephProcess[]): void {
  const running = runningProcesses(directory);
  for (const pid of names.flatMap((name) => running[name])) process.kill(pid, "SIGKILL");
}

async function read(key: string): Promise<string | undefined> {
  return withClient(async (s3) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: key }));
    return Body?.transformToString();
  });
}

/** A client of the admin user, as a shell would have it that evaluates what the start prints. */
async function withClient<Result>(use: (s3: S3Client) => Promise<Result>): Promise<Result> {
  const [endpoint = "", accessKeyId = "", secretAccessKey = ""] = [...assignments.matchAll(/'([^']*)'/g)].map(
    ([, value]) => value,
  );
  const s3 = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  try {
    return await use(s3);
  } finally {
    s3.destroy();
  }
}
