import { PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { sendAdminRequest } from "#app/ports/storage/ceph/signed-request.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { bucketName, failure, objectKeys, objectText, type Scenario, UNLIMITED } from "./scenario.ts";

/** What reconciliation and adoption need: the engine's own state, whoever made it, and how it is taken over. */
export function describeTenantState(scenario: Scenario): void {
  describe("tenants as the engine has them", () => {
    /** As an operator would at the engine, past the console. */
    async function makeUser(uid: string) {
      const pair = generateAccessKey();
      await admin("PUT", "/admin/user", {
        uid,
        "display-name": "Made elsewhere",
        "access-key": pair.accessKeyId,
        "secret-key": pair.secretAccessKey,
      });
      return pair;
    }

    async function admin(
      method: "PUT" | "POST",
      path: string,
      query: Record<string, string>,
      form?: Record<string, string>,
    ) {
      await sendAdminRequest(scenario.config, startCall("test"), {
        method,
        path,
        query,
        service: form ? "iam" : "s3",
        ...(form ? { form: { Version: "2010-05-08", ...form } } : {}),
      });
    }

    test("the state of a tenant is all that the console made of it", async () => {
      const { driver } = scenario;
      const quota = { maxSizeBytes: 5_000_000n, maxObjects: 10n };
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket(quota);
      const bucketQuota = { maxSizeBytes: 1_048_576n, maxObjects: null };
      await driver.setBucketQuota({ tenant, bucket, quota: bucketQuota });
      const reader = await scenario.newKey(tenant, { permission: "read" });
      const writer = await scenario.newKey(tenant, { buckets: [bucket, "not-there-yet"] });
      const nothing = await scenario.newKey(tenant, { buckets: [] });
      const grant = { permission: "read_write", buckets: [bucket, "not-there-yet"] } as const;
      await driver.setAccessKeyActive({ tenant, user: writer.user, ...grant, active: false });

      const keys = [
        { ...row(reader), grant: { permission: "read", buckets: "all", expiresAt: null } },
        { ...row(writer), active: false, grant: { ...grant, expiresAt: null } },
        { ...row(nothing), grant: { permission: "read_write", buckets: [], expiresAt: null } },
      ];
      const state = await driver.tenantState({ tenant });
      expect(state).toEqual({
        tenant,
        owner: {
          displayName: "Padaria São João",
          suspended: false,
          accessKeyIds: [managementKey.accessKeyId],
          quota,
          policyIsWhole: true,
        },
        accessKeys: keys.sort((a, b) => (a.user < b.user ? -1 : 1)),
        buckets: [{ name: bucket, createdAt: expect.any(Date), ownerUser: "owner", quota: bucketQuota }],
      });
      const createdAt = state.buckets[0]?.createdAt.getTime() ?? 0;
      expect(Math.abs(Date.now() - createdAt)).toBeLessThan(60_000);

      // The same with the names of one scan over all tenants; one that is gone since is left out.
      const listed = (await driver.listTenants()).find((found) => found.tenant === tenant);
      expect(listed).toEqual({ tenant, hasOwner: true, users: keys.map(({ user }) => user).sort() });
      const users = [...(listed?.users ?? []), "gone"];
      expect(await driver.tenantState({ tenant, users })).toEqual(state);
    });

    test("a tenant that the engine does not have is not found, nor is it listed", async () => {
      const { driver } = scenario;
      await expect(driver.tenantState({ tenant: "nobody" })).rejects.toMatchObject({ code: "not-found" });
      const names = (await driver.listTenants()).map(({ tenant }) => tenant);
      expect(names).toEqual(names.toSorted());
      expect(names).not.toContain("nobody");
      expect(names).not.toContain("");
    });

    test("what was changed at the engine shows, and setting it again undoes it", async () => {
      const { driver } = scenario;
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
      const key = await scenario.newKey(tenant, { permission: "read", buckets: [bucket] });
      const everything = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      });
      const put = { Action: "PutUserPolicy", PolicyName: "more", PolicyDocument: everything };
      for (const user of [key.user, "owner"]) {
        await admin("POST", "/", {}, { ...put, UserName: `${tenant}$${user}` });
      }
      const changed = await driver.tenantState({ tenant });
      expect(changed.owner?.policyIsWhole).toBe(false);
      expect(changed.accessKeys).toMatchObject([{ user: key.user, grant: "unknown" }]);
      const write = () => key.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

      const grant = { user: key.user, permission: "read", buckets: [bucket] } as const;
      await driver.setAccessKeyActive({ tenant, ...grant, active: true });
      await driver.adoptTenant({ tenant, displayName: null, managementKey });
      const state = await driver.tenantState({ tenant });
      expect(state.owner?.policyIsWhole).toBe(true);
      expect(state.accessKeys).toMatchObject([{ grant: { permission: "read", buckets: [bucket] } }]);
      expect((await failure(write())).status).toBe(403);
    });

    test("a suspended owner and a second key of its show, and are undone", async () => {
      const { driver } = scenario;
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
      const uid = `${tenant}$owner`;
      const extra = generateAccessKey();
      await admin("PUT", "/admin/user", {
        key: "",
        uid,
        "access-key": extra.accessKeyId,
        "secret-key": extra.secretAccessKey,
      });
      await admin("POST", "/admin/user", { uid, suspended: "1" });
      const { owner } = await driver.tenantState({ tenant });
      expect(owner?.suspended).toBe(true);
      expect(owner?.accessKeyIds.toSorted()).toEqual([extra, managementKey].map(idOf).toSorted());

      await driver.adoptTenant({ tenant, displayName: null, managementKey });
      expect(await scenario.bucketNames(extra)).toEqual([bucket]);
      const holder = { tenant, accessKeyId: extra.accessKeyId, holder: "owner" } as const;
      await driver.removeAccessKeyId(holder);
      await driver.removeAccessKeyId(holder);
      expect((await driver.tenantState({ tenant })).owner).toMatchObject({
        suspended: false,
        accessKeyIds: [managementKey.accessKeyId],
        policyIsWhole: true,
      });
      await expect(driver.listBuckets({ managementKey: extra })).rejects.toMatchObject({ code: "denied" });
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
    });

    test("one of two keys of a user is removed, and the other goes on as granted", async () => {
      const { driver } = scenario;
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const key = await scenario.newKey(tenant, { buckets: [bucket] });
      const extra = generateAccessKey();
      await admin("PUT", "/admin/user", {
        key: "",
        uid: `${tenant}$${key.user}`,
        "access-key": extra.accessKeyId,
        "secret-key": extra.secretAccessKey,
      });
      const grant = { user: key.user, permission: "read_write", buckets: [bucket] } as const;
      await driver.removeAccessKeyId({ tenant, accessKeyId: extra.accessKeyId, holder: grant });
      await key.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      expect((await driver.tenantState({ tenant })).accessKeys).toEqual(
        [{ ...row(key), grant }].map(withoutUser),
      );
    });

    test("a tenant made elsewhere is adopted with its buckets, and its keys stay until removed", async () => {
      const { driver } = scenario;
      const tenant = `elsewhere_${generateAccessKey().accessKeyId}`;
      const user = "maria.silva@example.com";
      const foreign = await makeUser(`${tenant}$${user}`);
      const bucket = bucketName();
      await driver.createBucket({ managementKey: foreign, bucket });
      const theirs = scenario.client(foreign);
      await theirs.send(new PutObjectCommand({ Bucket: bucket, Key: "old", Body: "before" }));
      expect(await driver.tenantState({ tenant })).toMatchObject({
        owner: null,
        accessKeys: [{ user, accessKeyIds: [foreign.accessKeyId], active: true, grant: "unknown" }],
        buckets: [{ name: bucket, ownerUser: user, quota: UNLIMITED }],
      });
      expect((await driver.listTenants()).find((found) => found.tenant === tenant)).toEqual({
        tenant,
        hasOwner: false,
        users: [user],
      });

      const managementKey = generateAccessKey();
      const adoption = { tenant, displayName: "Padaria", managementKey };
      await driver.adoptTenant(adoption);
      await driver.adoptTenant(adoption);
      expect((await driver.tenantState({ tenant })).buckets).toMatchObject([{ ownerUser: user }]);
      // A user goes only once its buckets are another's.
      await expect(driver.revokeAccessKey({ tenant, user })).rejects.toMatchObject({
        code: "bucket-not-empty",
      });
      await driver.takeOverBucket({ tenant, bucket });
      await driver.takeOverBucket({ tenant, bucket });

      const adopted = await driver.tenantState({ tenant });
      expect(adopted).toMatchObject({
        owner: { displayName: "Padaria", accessKeyIds: [managementKey.accessKeyId], policyIsWhole: true },
        accessKeys: [{ user, active: true }],
        buckets: [{ name: bucket, ownerUser: "owner" }],
      });
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
      const manager = scenario.client(managementKey);
      expect(await objectText(manager, bucket, "old")).toBe("before");
      await driver.setVersioning({ managementKey, bucket, versioning: "enabled" });

      // The key is adopted as it is, with a grant of the console's.
      await driver.setAccessKeyActive({ tenant, user, permission: "read", buckets: [bucket], active: true });
      expect(await objectKeys(theirs, bucket)).toEqual(["old"]);
      const write = theirs.send(new PutObjectCommand({ Bucket: bucket, Key: "new", Body: "x" }));
      expect((await failure(write)).status).toBe(403);
      const another = driver.createBucket({ managementKey: foreign, bucket: bucketName() });
      await expect(another).rejects.toThrow(StorageError);
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
      await driver.revokeAccessKey({ tenant, user });
      expect((await driver.tenantState({ tenant })).accessKeys).toEqual([]);
      expect(await objectText(manager, bucket, "old")).toBe("before");
    });

    test("there is nothing to adopt where no tenant and no bucket is", async () => {
      const { driver } = scenario;
      const managementKey = generateAccessKey();
      const nobody = { tenant: "nobody", displayName: null, managementKey };
      await expect(driver.adoptTenant(nobody)).rejects.toMatchObject({ code: "not-found" });
      await expect(driver.getTenant("nobody")).rejects.toMatchObject({ code: "not-found" });
      const { tenant } = await scenario.newTenant();
      const bucket = bucketName();
      await expect(driver.takeOverBucket({ tenant, bucket })).rejects.toMatchObject({ code: "not-found" });
      const { managementKey: taken } = await scenario.newTenant();
      await expect(
        driver.adoptTenant({ tenant, displayName: null, managementKey: taken }),
      ).rejects.toMatchObject({ code: "already-exists" });
    });
  });
}

function row({ user, pair }: { user: string; pair: { accessKeyId: string } }) {
  return { user, accessKeyIds: [pair.accessKeyId], active: true };
}

function idOf({ accessKeyId }: { accessKeyId: string }): string {
  return accessKeyId;
}

/** A grant as an engine's state has it: the user stands beside it. */
function withoutUser<T extends { grant: { user: string } }>(key: T) {
  const { user: _, ...grant } = key.grant;
  return { ...key, grant: { expiresAt: null, ...grant } };
}
