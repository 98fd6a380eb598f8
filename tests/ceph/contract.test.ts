import { describeStorageEngine } from "#tests/contract/storage-driver.contract.ts";

// Against a running gateway, named as for the console itself: `npm run test:ceph`.
describeStorageEngine("a Ceph Object Gateway", async () => ({
  config: {
    endpoint: required("STORAGE_ENDPOINT"),
    region: "sa-east-1",
    adminKey: {
      accessKeyId: required("STORAGE_ADMIN_ACCESS_KEY"),
      secretAccessKey: required("STORAGE_ADMIN_SECRET_KEY"),
    },
  },
  stop: async () => {},
}));

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must name a running Ceph Object Gateway`);
  return value;
}
