import { inject } from "vitest";
import { startObjectStore } from "#tests/support/object-store.ts";
import { describeStorageEngine } from "./storage-driver.contract.ts";

describeStorageEngine("the embedded object store", async () => {
  const store = await startObjectStore(inject("postgres"));
  return {
    config: { endpoint: store.endpoint, region: store.region, adminKey: store.adminKey },
    async stop() {
      await store.stop();
      if (store.output().includes(store.adminKey.secretAccessKey))
        throw new Error("the store logged a secret");
    },
  };
});
