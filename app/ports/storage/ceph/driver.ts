import type { CallOptions, StorageDriver } from "../driver.ts";
import {
  createAccessKey,
  listAccessKeys,
  resumeTenant,
  revokeAccessKey,
  setAccessKeyActive,
} from "./access-keys.ts";
import { bucketStats } from "./bucket-stats.ts";
import { createBucket, deleteBucket, headBucket, listBuckets } from "./buckets.ts";
import { type Call, startCall } from "./call.ts";
import { capabilities, checkHealth } from "./capabilities.ts";
import type { EngineConfig } from "./signed-request.ts";
import { getTenant, provisionTenant, removeTenant, setQuota, suspendTenant } from "./tenants.ts";
import { usage } from "./usage.ts";

/**
 * The driver for the Ceph Object Gateway (16.2 and later) and for Balde's embedded object store, which speaks
 * the same subset of its APIs: plain S3 for buckets, Admin Ops for users, quotas and usage, IAM for policies.
 *
 * Each account is a tenant with an owner; each access key is one more user of that tenant with a policy.
 */
export function createCephDriver(config: EngineConfig): StorageDriver {
  // Each method by its name: under one deadline, and so called in its errors.
  const call = <Input, Result>(
    operation: keyof StorageDriver,
    run: (config: EngineConfig, call: Call, input: Input) => Promise<Result>,
    mode?: "page" | "job",
  ) => {
    return async (input: Input, options?: CallOptions): Promise<Result> =>
      run(config, startCall(operation, options, mode), input);
  };

  return {
    capabilities: (options) => call("capabilities", capabilities)(undefined, options),
    checkHealth: (options) => call("checkHealth", checkHealth)(undefined, options),

    provisionTenant: call("provisionTenant", provisionTenant, "job"),
    getTenant: call("getTenant", getTenant),
    setQuota: call("setQuota", setQuota, "job"),
    suspendTenant: call("suspendTenant", suspendTenant, "job"),
    resumeTenant: call("resumeTenant", resumeTenant, "job"),
    removeTenant: call("removeTenant", removeTenant, "job"),

    createBucket: call("createBucket", createBucket),
    deleteBucket: call("deleteBucket", deleteBucket),
    headBucket: call("headBucket", headBucket),
    listBuckets: call("listBuckets", listBuckets),
    bucketStats: call("bucketStats", bucketStats),

    createAccessKey: call("createAccessKey", createAccessKey),
    listAccessKeys: call("listAccessKeys", listAccessKeys, "job"),
    setAccessKeyActive: call("setAccessKeyActive", setAccessKeyActive),
    revokeAccessKey: call("revokeAccessKey", revokeAccessKey),

    usage: call("usage", usage),
  };
}
