// What a page of a bucket with a million objects costs, beside the engine's own list call that it makes:
// npm run bench:objects
import { closeOwnerPool, queryAsOwner } from "#tests/support/database.ts";
import { putManyObjects } from "#tests/support/many-objects.ts";
import { startObjectStore } from "#tests/support/object-store.ts";
import { startWebServer, type WebServer } from "#tests/support/web-server.ts";
import { startBenchDatabase } from "./database.ts";
import { printTable, type Timings, timed, timingsOf } from "./figures.ts";

const runs = 100;
const warmUps = 20;
const count = 1_000_000;
/** What a page may cost: so many times the engine's call, and so many milliseconds of its own. */
const allowed = { times: 1.3, ms: 30 };

interface Place {
  name: string;
  prefix: string;
  allVersions?: boolean;
  /** The page after the one at the prefix. */
  isSecond?: boolean;
}

const places: Place[] = [
  { name: "folders", prefix: "" },
  { name: "folders, second page", prefix: "", isSecond: true },
  { name: "objects of a folder", prefix: "1000/" },
  { name: "objects of a folder, second page", prefix: "1000/", isSecond: true },
  { name: "versions of a folder", prefix: "1000/", allVersions: true },
  { name: "nothing", prefix: "none/" },
];

async function main(): Promise<void> {
  const database = await startBenchDatabase(5);
  try {
    const store = await startObjectStore(database.postgres);
    Object.assign(process.env, {
      STORAGE_ENDPOINT: store.endpoint,
      STORAGE_PUBLIC_ENDPOINT: store.endpoint,
      STORAGE_REGION: store.region,
      STORAGE_ADMIN_ACCESS_KEY: store.adminKey.accessKeyId,
      STORAGE_ADMIN_SECRET_KEY: store.adminKey.secretAccessKey,
    });
    const bucket = await makeFullBucket(store.databaseUrl);
    const server = await startWebServer({ LOG_LEVEL: "info" });
    try {
      await measureAll(server, bucket);
    } finally {
      await server.stop();
      await closeOwnerPool();
      await store.stop();
    }
  } finally {
    await database.stop();
  }
}

type FullBucket = Awaited<ReturnType<typeof makeFullBucket>>;

/** An account with a bucket of a million objects, and its owner signed in. */
async function makeFullBucket(storeDatabaseUrl: string) {
  const { makeAccount, makeBucket, makeMember, signIn } = await import("#tests/support/scenario.ts");
  const { engineTenant, newManagementKey, readManagementKey } = await import(
    "#app/domain/accounts/engine-tenant.ts"
  );
  const { storage } = await import("#app/ports/storage/storage.server.ts");
  const account = await makeAccount();
  const made = newManagementKey(account.id);
  await queryAsOwner(
    "UPDATE account SET management_access_key_id = $2, management_secret_encrypted = $3 WHERE id = $1",
    [account.id, made.managementAccessKeyId, made.managementSecretEncrypted],
  );
  const key = await readManagementKey(account.id);
  const tenant = engineTenant(account.id);
  const quota = { maxSizeBytes: null, maxObjects: null };
  await storage.provisionTenant({ tenant, displayName: "Conta", managementKey: key, quota });
  const id = await makeBucket(account);
  const [row] = await queryAsOwner<{ name: string }>("SELECT name FROM bucket WHERE id = $1", [id]);
  const bucket = row?.name ?? "";
  await storage.createBucket({ managementKey: key, bucket });
  const loading = await timed(() => putManyObjects(storeDatabaseUrl, { tenant, bucket, count }));
  console.log(`${count} objects loaded in ${Math.round(loading / 1000)} s`);
  const cookie = (await signIn(await makeMember(account, "owner"))).split(";")[0] ?? "";
  return { storage, key, bucket, cookie, path: `/accounts/${account.slug}/buckets/${id}/objects` };
}

async function measureAll(server: WebServer, bucket: FullBucket): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const place of places) {
    const { engine, page } = await measure(server, bucket, place);
    const bound = engine.median * allowed.times + allowed.ms;
    rows.push([
      place.name,
      ...[engine.median, engine.p99, page.median, page.p99, page.median / engine.median, bound],
      page.median <= bound ? "yes" : "no",
    ]);
  }
  console.log(`\n${count} objects in 2,000 folders; ms\n`);
  const within = `≤ ${allowed.times} × + ${allowed.ms}`;
  printTable(["", "engine median", "p99", "page median", "p99", "× engine", within, "within"], rows);
}

/** Call and page in turns, so that whatever else the machine does meets both. */
async function measure(
  server: WebServer,
  { storage, key, bucket, cookie, path }: FullBucket,
  { prefix, allVersions, isSecond }: Place,
): Promise<{ engine: Timings; page: Timings }> {
  const place = { key, bucket, prefix, delimiter: "/", limit: 100 };
  const after = isSecond ? ((await storage.listObjects(place)).next ?? "") : "";
  const list = () =>
    allVersions ? storage.listVersions(place) : storage.listObjects(after ? { ...place, after } : place);
  const query = { prefix, ...(allVersions ? { view: "versions" } : {}), ...(after ? { after } : {}) };
  const address = `http://127.0.0.1:${server.port}${path}?${new URLSearchParams(query)}`;
  const ask = async () => {
    const response = await fetch(address, { headers: { Cookie: cookie }, redirect: "manual" });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${address}: ${response.status}`);
  };
  const engine: number[] = [];
  const page: number[] = [];
  for (let run = -warmUps; run < runs; run++) {
    const [called, asked] = [await timed(list), await timed(ask)];
    if (run < 0) continue;
    engine.push(called);
    page.push(asked);
  }
  return { engine: timingsOf(engine), page: timingsOf(page) };
}

await main();
