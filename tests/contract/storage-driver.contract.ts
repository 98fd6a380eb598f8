import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import type { StorageDriver } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { describeAccessKeys } from "./storage-driver/access-keys.ts";
import { describeBucketSettings } from "./storage-driver/bucket-settings.ts";
import { describeBuckets } from "./storage-driver/buckets.ts";
import { describeLifecycleForm } from "./storage-driver/lifecycle-form.ts";
import { describeObjectListings } from "./storage-driver/object-listings.ts";
import { describeObjects } from "./storage-driver/objects.ts";
import { expectNoSecrets, scenarioOn, type TestEngine } from "./storage-driver/scenario.ts";
import { describeTenantState } from "./storage-driver/tenant-state.ts";
import { describeTenants } from "./storage-driver/tenants.ts";
import { describeUploads } from "./storage-driver/uploads.ts";
import { describeUsage } from "./storage-driver/usage.ts";

/**
 * What an engine behind the storage port must do, told by the driver and by the plain S3 client that a tenant
 * would use. An engine is fit for Balde when this suite passes on it.
 *
 * @param start starts the engine, or finds it; called once.
 */
export function describeStorageEngine(name: string, start: () => Promise<TestEngine>): void {
  describe(`storage driver on ${name}`, () => {
    let engine: TestEngine;
    let driver: StorageDriver;

    beforeAll(async () => {
      engine = await start();
      driver = createCephDriver(engine.config);
    });
    afterAll(() => engine?.stop());

    test("is healthy and says what it can do", async () => {
      const { latencyMs } = await driver.checkHealth();
      expect(latencyMs).toBeGreaterThan(0);
      expect(driver.health()).toMatchObject({ state: "closed", lastError: null });
      expect(await driver.capabilities()).toMatchObject({ tenancy: "tenant-users", limitation: null });
    });

    test("denies a wrong admin key, without quoting it", async () => {
      const adminKey = { ...engine.config.adminKey, secretAccessKey: generateAccessKey().secretAccessKey };
      const impostor = createCephDriver({ ...engine.config, adminKey });
      const error = await impostor.checkHealth().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "StorageError", code: "denied", retryable: false });
      expectNoSecrets(error, adminKey);
      // An answer, however unwelcome: the engine is there.
      expect(impostor.health().state).toBe("closed");
    });

    const scenario = scenarioOn({ engine: () => engine, driver: () => driver });
    describeTenants(scenario);
    describeTenantState(scenario);
    describeBuckets(scenario);
    describeBucketSettings(scenario);
    describeLifecycleForm(scenario);
    describeObjects(scenario);
    describeObjectListings(scenario);
    describeUploads(scenario);
    describeAccessKeys(scenario);
    describeUsage(scenario);
  });
}
