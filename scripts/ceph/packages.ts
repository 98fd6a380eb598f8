import { findProgram } from "#tests/support/chromium.ts";
import type { DebianPackage } from "../testing/debian-packages.ts";

const program = (name: string) => () => findProgram([name]) !== undefined;

/** What a cluster on one machine needs of Debian 12: 61 MB, some 20 s to install. No manager daemon is needed. */
export const cephPackages: readonly DebianPackage[] = [
  { name: "ceph-mon", isThere: program("ceph-mon") },
  { name: "ceph-osd", isThere: program("ceph-osd") },
  { name: "radosgw", isThere: program("radosgw") },
  { name: "ceph-common", isThere: program("ceph") },
];
