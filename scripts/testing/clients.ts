import { existsSync } from "node:fs";
import { ensureDebianPackages } from "./debian-packages.ts";
import type { Counts, StepContext } from "./report.ts";
import type { Ran } from "./run.ts";
import { runVitest } from "./vitest.ts";

/** What tenants use, as Debian packages it; tests/clients runs them from /usr/bin. */
const clients = [
  { name: "awscli", isThere: () => existsSync("/usr/bin/aws") },
  { name: "s3cmd", isThere: () => existsSync("/usr/bin/s3cmd") },
  { name: "rclone", isThere: () => existsSync("/usr/bin/rclone") },
  { name: "restic", isThere: () => existsSync("/usr/bin/restic") },
  { name: "python3-boto3", isThere: () => existsSync("/usr/lib/python3/dist-packages/boto3") },
];

/** Runs the tests with real S3 clients, after installing those. */
export async function runClients(context: StepContext): Promise<Ran & { counts?: Counts | undefined }> {
  const packages = await ensureDebianPackages(clients, {
    whatFor: "The tests with S3 clients need",
    live: context.live,
    say: console.log,
  });
  return packages.ok ? runVitest(context, ["--project=clients", "--maxWorkers=2"]) : packages;
}
