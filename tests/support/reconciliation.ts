import { randomUUID } from "node:crypto";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { queryAsOwner } from "./database.ts";
import { startStorage } from "./storage.ts";

/**
 * What tests of the reconciliation do: in the console, at the engine behind its back, and looking. Await it before
 * anything of `app/` that reads the settings is imported, as `startStorage`.
 */
export async function startReconciliation() {
  const engine = await startStorage();
  const { storage } = engine;
  const { contextOf } = await import("./contexts.ts");
  const { makeUser } = await import("./scenario.ts");
  const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
  const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
  const { createAccessKey } = await import("#app/domain/access-keys/create-access-key.ts");
  const { checkAccount } = await import("#app/domain/reconciliation/check-account.ts");
  const { settleFinding } = await import("#app/domain/reconciliation/settle-finding.ts");
  const { getFinding, listFindings } = await import("#app/domain/reconciliation/read-findings.ts");
  const { sendAdminRequest } = await import("#app/ports/storage/ceph/signed-request.ts");
  const { startCall } = await import("#app/ports/storage/ceph/call.ts");
  const operatorId = (await makeUser({ providerRole: "operator" })).id;

  /** What the engine's own tools do, by hand. */
  async function admin(method: "PUT" | "POST", query: Record<string, string>): Promise<void> {
    const { endpoint, region, adminKey } = engine.store;
    const request = { method, path: "/admin/user", service: "s3", query } as const;
    await sendAdminRequest({ endpoint, region, adminKey }, startCall("test"), request);
  }

  /** A user of the engine without a policy. */
  async function makeEngineUser(uid: string) {
    const pair = generateAccessKey();
    await admin("PUT", {
      uid,
      "display-name": uid,
      "access-key": pair.accessKeyId,
      "secret-key": pair.secretAccessKey,
    });
    return pair;
  }

  /** A tenant in which console and engine agree. */
  async function makeTenant() {
    const made = await engine.makeTenant();
    const { tenant, managementKey, owner, account } = made;
    const limit = (resource: string, value: bigint) =>
      queryAsOwner("UPDATE quota SET limit_value = $3 WHERE account_id = $1 AND resource = $2", [
        account.id,
        resource,
        value,
      ]);
    // As approval does it; the tenant of other tests is unlimited.
    const maxSizeBytes = 2n ** 30n;
    await limit("storage_bytes", maxSizeBytes);
    await storage.setQuota({ tenant, quota: { maxSizeBytes, maxObjects: null } });
    return {
      ...made,
      operator: await contextOf(operatorId, account.id),
      /** In the console. */
      async bucket(name = newName()) {
        const { id } = await createBucket(owner, { name });
        await provisionBucket(id, randomUUID());
        return { id, name };
      },
      key: (buckets: string[] | "all" = "all") =>
        createAccessKey(owner, {
          name: "chave",
          permission: "read_write",
          ...(buckets === "all" ? { scope: "all" } : { scope: "chosen", buckets }),
        }),
      /** Behind the console's back. */
      elsewhere: {
        async bucket(name = newName()) {
          await storage.createBucket({ managementKey, bucket: name });
          return name;
        },
        async key(user = "backup", buckets: string[] | "all" = "all") {
          const pair = generateAccessKey();
          await storage.createAccessKey({ tenant, user, permission: "read", buckets, ...pair });
          return { user, ...pair };
        },
        /** An access key more for a user; answers its id. */
        async accessKeyId(user: string) {
          const { accessKeyId, secretAccessKey } = generateAccessKey();
          await admin("PUT", {
            key: "",
            uid: `${tenant}$${user}`,
            "access-key": accessKeyId,
            "secret-key": secretAccessKey,
          });
          return accessKeyId;
        },
        user: (name: string) => makeEngineUser(`${tenant}$${name}`),
        suspend: (user: string) => admin("POST", { uid: `${tenant}$${user}`, suspended: "1" }),
      },
      check: () => checkAccount(account.id, randomUUID(), { pauseMs: 1 }),
      /** `kind resource state`, sorted. */
      async findings(query: Record<string, string> = {}) {
        const { findings } = await listFindings(owner, query);
        return findings
          .map(({ kind, resource, state, outcome }) => [kind, resource, outcome ?? state].join(" "))
          .sort();
      },
      /** Ids of those that are not closed. */
      async findingIds() {
        return (await listFindings(owner, {})).findings.map(({ id }) => id);
      },
      /** Runs the job and answers how the finding stands. */
      async settle(id: string) {
        await settleFinding(id, randomUUID());
        const { state, outcome, lastError } = await getFinding(owner, id);
        return { state, outcome, lastError };
      },
      mails: () =>
        queryAsOwner(
          `SELECT 1 FROM email WHERE data->>'accountId' = $1 AND message = 'storage-changed-elsewhere'`,
          [account.id],
        ),
      limit,
    };
  }

  return {
    ...engine,
    makeTenant,
    makeEngineUser,
    /** An operator, in an account or in none. */
    operatorIn: (accountId: string | null) => contextOf(operatorId, accountId),
  };
}

export const newName = () => `balde-${randomUUID().slice(0, 8)}`;

/** How a finding stands that came to this end. */
export const closedAs = (outcome: "adopted" | "undone" | "disappeared") => ({
  state: "closed",
  outcome,
  lastError: null,
});

/** Waits until an attempt succeeds: the engine is starting, or the circuit to it is still open. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
