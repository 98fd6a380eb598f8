/**
 * Tests Balde on a Ceph Object Gateway: the storage contract, the main job, settings and keys in a browser with and
 * without JavaScript, and what holds while the engine is away. On a cluster of its own, made for the run and removed
 * after it; or on the gateway that STORAGE_ENDPOINT names, without the faults then, which stop its daemons.
 *
 *     npm run test:ceph                                   everything
 *     npm run test:ceph -- --only contract -t quota       one step, with arguments of its own
 *
 * CEPH_PORT and E2E_PORT move the ports (see scripts/ceph-start.ts, tests/support/installation.ts).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDebianPackages } from "../testing/debian-packages.ts";
import { runPlaywright } from "../testing/playwright.ts";
import {
  type Outcome,
  printSummary,
  readArguments,
  report,
  type Step,
  type StepContext,
} from "../testing/report.ts";
import { endPrograms, type Ran, run } from "../testing/run.ts";
import { runVitest } from "../testing/vitest.ts";
import { type CephCluster, startCephCluster, stopCephCluster } from "./cluster.ts";
import { cephPackages } from "./packages.ts";
import { findFreePorts } from "./ports.ts";

/** Where the steps find the gateway. */
interface Gateway extends CephCluster {
  /** Of the run's own cluster, whose daemons may be stopped. */
  directory?: string;
}

let gateway: Gateway;

const cluster: Step = { name: "cluster", what: "a gateway to test on", run: findOrMakeGateway };

const faults: Step = {
  name: "faults",
  what: "faults of Ceph (vitest)",
  run: (context) => runVitest(context, vitestOn("tests/ceph/faults.test.ts"), engineEnvironment()),
};

const steps: Step[] = [
  {
    name: "lifecycle",
    what: "start and stop of a cluster (vitest)",
    run: (context) =>
      runVitest(context, vitestOn("tests/ceph/lifecycle.test.ts"), {
        CEPH_TEST_DIR: lifecycleDirectory(context.scratch),
      }),
  },
  {
    name: "contract",
    what: "storage contract on Ceph (vitest)",
    run: (context) => runVitest(context, vitestOn("tests/ceph/contract.test.ts"), engineEnvironment()),
  },
  { name: "build", what: "build", run: (context) => run([process.execPath, "scripts/build.ts"], context) },
  {
    name: "journeys",
    what: "main job, settings and access keys on Ceph, with and without JavaScript (playwright)",
    run: (context) =>
      runPlaywright(
        context,
        ["main-job", "storage-settings", "storage-keys", "--project=javascript", "--project=no-javascript"],
        engineEnvironment(),
      ),
  },
  {
    name: "rotation",
    what: "a key replaced under a client that never pauses (vitest)",
    run: (context) => runVitest(context, vitestOn("tests/ceph/rotation.test.ts"), engineEnvironment()),
  },
  faults,
];

async function main(): Promise<void> {
  // Not .env: the gateway that it may name is no place for tests.
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const { only, extra } = readArguments(process.argv.slice(2), [cluster, ...steps], "npm run test:ceph");
  const scratch = await mkdtemp(join(tmpdir(), "balde-ceph-"));
  const context = { extra, scratch, live: only.length === 1 };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      endPrograms();
      void cleanUp(scratch).then(() => process.exit(1));
    });
  }
  const outcomes: Outcome[] = [];
  try {
    outcomes.push(await report(cluster, context));
    const wanted = steps.filter(({ name }) => only.length === 0 || only.includes(name));
    for (const step of outcomes[0]?.ok ? wanted : []) {
      if (step === faults && !gateway.directory) {
        console.log(`- ${faults.what}: left out, since they stop the daemons of a cluster made for that`);
      } else outcomes.push(await report(step, context));
    }
  } finally {
    await cleanUp(scratch);
  }
  printSummary(outcomes, "npm run test:ceph");
}

// --- The engine --------------------------------------------------------------------------------------------

/** Finds the gateway that the environment names, or makes a cluster, after installing what that takes. */
async function findOrMakeGateway({ scratch, live }: StepContext): Promise<Ran> {
  const { STORAGE_ENDPOINT, STORAGE_ADMIN_ACCESS_KEY = "", STORAGE_ADMIN_SECRET_KEY = "" } = process.env;
  if (STORAGE_ENDPOINT) {
    const adminKey = { accessKeyId: STORAGE_ADMIN_ACCESS_KEY, secretAccessKey: STORAGE_ADMIN_SECRET_KEY };
    gateway = { endpoint: STORAGE_ENDPOINT, adminKey };
    return { ok: true, output: "" };
  }
  const packages = await ensureDebianPackages(cephPackages, {
    whatFor: "The tests on Ceph need",
    live,
    say: console.log,
  });
  if (!packages.ok) return packages;
  const directory = join(scratch, "cluster");
  const port = process.env.CEPH_PORT ? Number(process.env.CEPH_PORT) : await findFreePorts();
  const say = (line: string) => console.log(`  ${line}`);
  gateway = { ...(await startCephCluster({ directory, port, store: "bluestore", say })), directory };
  return { ok: true, output: "" };
}

async function cleanUp(scratch: string): Promise<void> {
  await stopCephCluster(join(scratch, "cluster"));
  await stopCephCluster(lifecycleDirectory(scratch));
  await rm(scratch, { recursive: true, force: true });
}

/** Of another cluster, which a test starts, stops and kills. Known here, so that it ends with the run. */
function lifecycleDirectory(scratch: string): string {
  return join(scratch, "lifecycle");
}

// --- What the tests are told -------------------------------------------------------------------------------

function vitestOn(file: string): string[] {
  return ["--config", "tests/ceph/vitest.config.ts", file];
}

function engineEnvironment(): Record<string, string> {
  const { endpoint, adminKey, directory } = gateway;
  return {
    STORAGE_ENDPOINT: endpoint,
    STORAGE_ADMIN_ACCESS_KEY: adminKey.accessKeyId,
    STORAGE_ADMIN_SECRET_KEY: adminKey.secretAccessKey,
    E2E_STORAGE_ENDPOINT: endpoint,
    E2E_STORAGE_ADMIN_ACCESS_KEY: adminKey.accessKeyId,
    E2E_STORAGE_ADMIN_SECRET_KEY: adminKey.secretAccessKey,
    ...(directory ? { CEPH_TEST_DIR: directory } : {}),
  };
}

await main();
