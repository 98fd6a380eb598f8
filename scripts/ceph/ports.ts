import { assertPortsFree, type NeededPort } from "../launcher/ports.ts";
import { PORTS_NEEDED } from "./description.ts";

/** The ports of a cluster, in the words in which one that is taken is told. */
export function portsOf(first: number, count: number): NeededPort[] {
  return Array.from({ length: count }, (_, index) => ({
    what: "Ceph",
    variable: "CEPH_PORT",
    port: first + index,
    // Nothing of a cluster listens elsewhere.
    host: "127.0.0.1",
  }));
}

/** A CEPH_PORT for a cluster that is made for a test: below the ports that the kernel hands out to clients. */
export async function findFreePorts(): Promise<number> {
  for (let first = 17_480; first < 32_000; first += PORTS_NEEDED) {
    const areFree = await assertPortsFree(portsOf(first, PORTS_NEEDED), 0).then(
      () => true,
      () => false,
    );
    if (areFree) return first;
  }
  throw new Error("No free ports for Ceph: set CEPH_PORT.");
}
