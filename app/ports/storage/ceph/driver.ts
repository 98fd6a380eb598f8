import type { CallOptions, StorageDriver } from "../driver.ts";
import {
  createAccessKey,
  listAccessKeys,
  resumeTenant,
  revokeAccessKey,
  setAccessKeyActive,
} from "./access-keys.ts";
import { adoptTenant, removeAccessKeyId, takeOverBucket } from "./adoption.ts";
import { getBucketQuota, setBucketQuota } from "./bucket-quota.ts";
import { bucketStats } from "./bucket-stats.ts";
import { deleteBucketTags, getBucketTags, setBucketTags } from "./bucket-tags.ts";
import { createBucket, deleteBucket, headBucket, listBuckets } from "./buckets.ts";
import { type Call, startCall, startProbe } from "./call.ts";
import { capabilities, checkHealth } from "./capabilities.ts";
import { createCircuit } from "./circuit.ts";
import { deleteCors, getCors, setCors } from "./cors.ts";
import { keysLastUse } from "./last-use.ts";
import { deleteLifecycle, getLifecycle, setLifecycle } from "./lifecycle.ts";
import { deleteObjects } from "./objects/deleting.ts";
import { listObjects, listParts, listUploads, listVersions } from "./objects/listing.ts";
import { presignGet, presignPart } from "./objects/presigned.ts";
import { getObject, getObjectTags, headObject } from "./objects/reading.ts";
import { restoreVersion } from "./objects/restoring.ts";
import { abortUpload, completeUpload, createUpload } from "./objects/uploads.ts";
import { putObject } from "./objects/writing.ts";
import type { EngineConfig } from "./signed-request.ts";
import { listTenants, tenantState } from "./tenant-state.ts";
import { getTenant, provisionTenant, removeTenant, setQuota, suspendTenant } from "./tenants.ts";
import { usage } from "./usage.ts";
import { getVersioning, setVersioning } from "./versioning.ts";

/**
 * The driver for the Ceph Object Gateway (16.2 to 18) and for Balde's embedded object store, which speaks
 * the same subset of its APIs: plain S3 for buckets, Admin Ops for users, quotas and usage, IAM for policies.
 *
 * Each account is a tenant with an owner; each access key is one more user of that tenant with a policy.
 */
export function createCephDriver(config: EngineConfig): StorageDriver {
  const circuit = createCircuit(() => checkHealth(config, startProbe()));

  // Each method by its name: under one deadline, and so called in its errors.
  const call = <Input, Result>(
    operation: keyof StorageDriver,
    run: (config: EngineConfig, call: Call, input: Input) => Promise<Result>,
    mode?: "page" | "job",
  ) => {
    return async (input: Input, options?: CallOptions): Promise<Result> =>
      run(config, startCall(operation, options, mode, circuit), input);
  };

  return {
    capabilities: (options) => call("capabilities", capabilities)(undefined, options),
    checkHealth: (options) => call("checkHealth", checkHealth)(undefined, options),
    health: () => circuit.health(),

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

    getVersioning: call("getVersioning", getVersioning),
    setVersioning: call("setVersioning", setVersioning),
    getLifecycle: call("getLifecycle", getLifecycle),
    setLifecycle: call("setLifecycle", setLifecycle),
    deleteLifecycle: call("deleteLifecycle", deleteLifecycle),
    getCors: call("getCors", getCors),
    setCors: call("setCors", setCors),
    deleteCors: call("deleteCors", deleteCors),
    getBucketTags: call("getBucketTags", getBucketTags),
    setBucketTags: call("setBucketTags", setBucketTags),
    deleteBucketTags: call("deleteBucketTags", deleteBucketTags),
    getBucketQuota: call("getBucketQuota", getBucketQuota),
    setBucketQuota: call("setBucketQuota", setBucketQuota),

    createAccessKey: call("createAccessKey", createAccessKey),
    listAccessKeys: call("listAccessKeys", listAccessKeys, "job"),
    setAccessKeyActive: call("setAccessKeyActive", setAccessKeyActive),
    revokeAccessKey: call("revokeAccessKey", revokeAccessKey),

    listTenants: (options) => call("listTenants", listTenants, "job")(undefined, options),
    tenantState: call("tenantState", tenantState, "job"),
    adoptTenant: call("adoptTenant", adoptTenant, "job"),
    takeOverBucket: call("takeOverBucket", takeOverBucket, "job"),
    removeAccessKeyId: call("removeAccessKeyId", removeAccessKeyId, "job"),

    listObjects: call("listObjects", listObjects),
    listVersions: call("listVersions", listVersions),
    listUploads: call("listUploads", listUploads),
    listParts: call("listParts", listParts),
    headObject: call("headObject", headObject),
    getObjectTags: call("getObjectTags", getObjectTags),
    getObject: call("getObject", getObject),
    putObject: (input) =>
      putObject(config, (deadlineMs) => startCall("putObject", { deadlineMs }, "job", circuit), input),
    restoreVersion: call("restoreVersion", restoreVersion, "job"),
    deleteObjects: call("deleteObjects", deleteObjects, "job"),
    createUpload: call("createUpload", createUpload),
    completeUpload: call("completeUpload", completeUpload, "job"),
    abortUpload: call("abortUpload", abortUpload),
    presignGet: (input) => presignGet(config, input),
    presignPart: (input) => presignPart(config, input),

    keysLastUse: call("keysLastUse", keysLastUse),
    usage: call("usage", usage),
  };
}
