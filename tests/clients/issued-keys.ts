import { randomUUID } from "node:crypto";
import type { Connection } from "#app/domain/access-keys/client-settings.ts";
import { startStorage } from "#tests/support/storage.ts";
import { readCreatedKey, type ShownClient } from "./created-key-page.ts";

type Storage = Awaited<ReturnType<typeof startStorage>>;

/** An account of an installation, as its owner uses the console. */
export interface Customer {
  tenant: string;
  /** Makes a bucket in the console; it is there. */
  makeBucket(): Promise<string>;
  /** Has the console issue a key for all buckets; answers what the page shows that is the answer to the form. */
  issueKey(permission?: "read" | "read_write"): Promise<IssuedKey>;
}

/** A key as its owner sees it once. */
export interface IssuedKey extends Omit<Connection, "bucket"> {
  /** What the page shows for each client. */
  shown: ShownClient[];
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
  const { publicEndpoint } = await import("#app/domain/access-keys/public-endpoint.ts");
  const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
  const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
  const { signedInMember } = await import("#tests/support/cast.ts");

  async function makeCustomer(): Promise<Customer> {
    const { account, tenant, owner } = await makeTenant();
    const browser = await signedInMember(account, "owner");
    return {
      tenant,
      async makeBucket() {
        const { id, name } = await createBucket(owner, { name: `balde-${randomUUID().slice(0, 8)}` });
        await provisionBucket(id, randomUUID());
        return name;
      },
      async issueKey(permission = "read_write") {
        const form = { name: "cliente", permission, scope: "all", requestId: randomUUID() };
        const created = await browser.post(`/accounts/${account.slug}/access-keys/new`, form, {
          "Accept-Language": "en",
        });
        return { ...publicEndpoint(), ...readCreatedKey(created.text) };
      },
    };
  }
  return { engine: storage, makeCustomer, stop };
}
