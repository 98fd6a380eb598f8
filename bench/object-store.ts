// The embedded object store beside a Ceph Object Gateway on the same machine in the same run:
// npm run bench:object-store
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { printTable, timingsOf } from "./figures.ts";
import { type Engine, startCeph, startEmbeddedStore } from "./object-store/engines.ts";
import { compareListings } from "./object-store/listing.ts";
import { BUCKET, type Load, prepareLoad, type Round } from "./object-store/load.ts";

/** Rounds of both engines in turn, so that whatever else the machine does falls on both. */
const ROUNDS = 5;
const WARM_UP_ROUNDS = 2;

const KIB = 1024;
const MIB = 1024 * KIB;

const loads: Load[] = (["PUT", "GET"] as const).flatMap((method) =>
  [
    { sizeBytes: KIB, concurrency: 1, requests: 200 },
    { sizeBytes: KIB, concurrency: 16, requests: 800 },
    { sizeBytes: MIB, concurrency: 1, requests: 30 },
    { sizeBytes: MIB, concurrency: 16, requests: 96 },
    { sizeBytes: 64 * MIB, concurrency: 1, requests: 3 },
    { sizeBytes: 64 * MIB, concurrency: 16, requests: 16 },
  ].map((load) => ({ method, ...load })),
);

const embedded = await startEmbeddedStore();
try {
  await compareListings(embedded);
  const ceph = await startCeph();
  try {
    await compareLoads(embedded, ceph);
  } finally {
    await ceph.stop();
  }
} finally {
  await embedded.stop();
}

async function compareLoads(one: Engine, other: Engine): Promise<void> {
  for (const { s3 } of [one, other]) await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const rows: (string | number)[][] = [];
  for (const load of loads) {
    const [ours, theirs] = await runInTurn([one, other], load);
    if (!ours || !theirs) throw new Error("nothing was measured");
    rows.push([
      `${load.method} ${sizeOf(load.sizeBytes)} × ${load.concurrency}`,
      ours.perSecond,
      theirs.perSecond,
      ours.perSecond / theirs.perSecond,
      ours.p99,
      theirs.p99,
      ours.p99 / theirs.p99,
    ]);
  }
  console.log(`\nRequests a second and p99 in ms; ratios are ${one.name} ÷ ${other.name}\n`);
  printTable(
    ["", one.name, other.name, "ratio (≥ 1)", `${one.name} p99`, `${other.name} p99`, "ratio (≤ 1)"],
    rows,
  );
}

/** The best of the rounds in throughput, which is the one least disturbed; the p99 of all of them. */
async function runInTurn(engines: Engine[], load: Load): Promise<{ perSecond: number; p99: number }[]> {
  const runs = [];
  for (const engine of engines) runs.push({ run: await prepareLoad(engine, load), rounds: [] as Round[] });
  // Not counted: caches fill, connections open, and JavaScript is compiled while it first runs.
  for (const { run } of runs) for (let round = 0; round < WARM_UP_ROUNDS; round++) await run();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run, rounds } of runs) rounds.push(await run());
  }
  return runs.map(({ rounds }) => ({
    perSecond: Math.max(...rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
    p99: timingsOf(rounds.flatMap(({ milliseconds }) => milliseconds)).p99,
  }));
}

function sizeOf(bytes: number): string {
  return bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`;
}
