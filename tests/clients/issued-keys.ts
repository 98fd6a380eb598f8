import { randomUUID } from "node:crypto";
import type { Connection } from "#app/domain/access-keys/client-settings.ts";
import { startStorage } from "#tests/support/storage.ts";

type Storage = Awaited<ReturnType<typeof startStorage>>;

/** An account of an installation, as its owner uses the console. */
export interface Customer {
  tenant: string;
  /** Makes a bucket in the console; it is there. */
  makeBucket(): Promise<string>;
  /** Has the console issue a key for all buckets; answers what its page shows. */
  issueKey(permission?: "read" | "read_write"): Promise<Connection>;
}

/** An installation whose console issues keys, on an embedded store of its own. */
export interface Issuer {
  engine: Storage["storage"];
  makeCustomer(): Promise<Customer>;
  stop(): Promise<void>;
}

/** Starts it. Await it before anything of `app/` that reads the settings is imported. */
export async function startIssuer(): Promise<Issuer> {
  const { storage, makeTenant, stop } = await startStorage();
  const { createAccessKey } = await import("#app/domain/access-keys/create-access-key.ts");
  const { publicEndpoint } = await import("#app/domain/access-keys/public-endpoint.ts");
  const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
  const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");

  async function makeCustomer(): Promise<Customer> {
    const { tenant, owner } = await makeTenant();
    return {
      tenant,
      async makeBucket() {
        const { id, name } = await createBucket(owner, { name: `balde-${randomUUID().slice(0, 8)}` });
        await provisionBucket(id, randomUUID());
        return name;
      },
      async issueKey(permission = "read_write") {
        const { accessKeyId, secretAccessKey } = await createAccessKey(owner, {
          name: "cliente",
          permission,
          scope: "all",
        });
        return { ...publicEndpoint(), accessKeyId, secretAccessKey };
      },
    };
  }
  return { engine: storage, makeCustomer, stop };
}
