/**
 * Keeps a cluster's gateway running: a client can crash the one of 16.2 by a copy whose source is encoded in an
 * unusual way. The other daemons are not watched. Started by ceph-start, ends on SIGTERM, the gateway with it.
 *
 *     node scripts/ceph/supervise-gateway.ts DIRECTORY
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcess, startProcess } from "./processes.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** A gateway that has run this long before it ended starts over with the shortest pause. */
const SETTLED_MS = 10_000;
/** It finishes the requests that it has, then tells the cluster that it goes. */
const END_PATIENCE_MS = 10_000;

const [, , directory = ""] = process.argv;
let stopping = false;

process.once("SIGTERM", () => {
  stopping = true;
  void endProcess("gateway", directory, END_PATIENCE_MS).then(() => process.exit(0));
});

// One that an earlier supervisor left behind when it was killed: its end would go unnoticed.
await endProcess("gateway", directory, END_PATIENCE_MS);

for (let pauseMs = FIRST_PAUSE_MS; !stopping; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
  const startedAt = Date.now();
  const gateway = startProcess("gateway", directory);
  gateway.ref(); // the one process that is waited for
  const [code, signal] = await once(gateway, "exit");
  if (stopping) break;
  if (Date.now() - startedAt > SETTLED_MS) pauseMs = FIRST_PAUSE_MS;
  console.log(`${new Date().toISOString()} the gateway ended (${signal ?? `code ${code}`})`);
  await sleep(pauseMs);
}
