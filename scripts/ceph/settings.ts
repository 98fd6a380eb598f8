import { join, resolve } from "node:path";
import { z } from "zod";
import { parseEnvironment, port } from "#app/ports/environment.ts";
import { launcherSchema } from "../launcher/settings.ts";
import { PORTS_NEEDED } from "./description.ts";

const cephSchema = z.object({
  DATA_DIR: launcherSchema.shape.DATA_DIR,
  CEPH_DIR: z.string().optional(),
  CEPH_PORT: port.max(65536 - PORTS_NEEDED, `must leave ${PORTS_NEEDED - 1} ports above it`).optional(),
});

/** Where a cluster lives, and on which ports. */
export interface CephSettings {
  /** Absolute. */
  directory: string;
  /** Undefined: whatever the cluster was made with; 7480 for a new one. */
  port: number | undefined;
}

/** Reads DATA_DIR, CEPH_DIR and CEPH_PORT. Throws EnvironmentError, which names the bad variable. */
export function readCephSettings(variables: NodeJS.ProcessEnv): CephSettings {
  const { DATA_DIR, CEPH_DIR, CEPH_PORT } = parseEnvironment(cephSchema, variables);
  return { directory: CEPH_DIR ? resolve(CEPH_DIR) : join(DATA_DIR, "ceph"), port: CEPH_PORT };
}
