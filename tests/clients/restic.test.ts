import { afterAll, beforeAll, expect, test } from "vitest";
import { startIssuer } from "./issued-keys.ts";
import { oddNames, openWorkplace, type Workplace } from "./workplace.ts";

const MiB = 2 ** 20;
const issuer = await startIssuer();
let place: Workplace;
let environment: Record<string, string>;

beforeAll(async () => {
  const customer = await issuer.makeCustomer();
  const bucket = await customer.makeBucket();
  place = await openWorkplace(await customer.issueKey());
  environment = {
    RESTIC_REPOSITORY: `s3:${place.connection.endpoint}/${bucket}/cópias`,
    RESTIC_PASSWORD: "correct horse",
    AWS_ACCESS_KEY_ID: place.connection.accessKeyId,
    AWS_SECRET_ACCESS_KEY: place.connection.secretAccessKey,
    AWS_DEFAULT_REGION: place.connection.region,
  };
});
afterAll(async () => {
  await place?.close();
  await issuer.stop();
});

const restic = (...args: string[]) => place.succeed(["restic", ...args], { environment });

test("backs up, checks all data, restores, forgets and prunes", async () => {
  await restic("init");
  for (const name of oddNames) await place.write(`tree/${name}`, name);
  // More than one pack of 16 MiB.
  const disk = await place.write("tree/disk.img", 40 * MiB);
  await restic("backup", "tree");
  await place.write("tree/.hidden", "changed");
  await place.succeed(["rm", place.path("tree/disk.img")]);
  await restic("backup", "tree");
  expect(JSON.parse(await restic("snapshots", "--json"))).toHaveLength(2);
  expect(await restic("check", "--read-data")).toContain("no errors were found");

  const [first] = JSON.parse(await restic("snapshots", "--json"));
  await restic("restore", first.id, "--target", place.path("restored"));
  expect(disk.equals(await place.read("restored/tree/disk.img"))).toBe(true);
  expect(await place.list("restored/tree")).toEqual([...oddNames, "disk.img"].sort());

  await restic("forget", "--keep-last", "1", "--prune");
  expect(JSON.parse(await restic("snapshots", "--json"))).toHaveLength(1);
  const stats = JSON.parse(await restic("stats", "--mode", "raw-data", "--json"));
  expect(stats.total_size).toBeLessThan(MiB);
  expect(await restic("check", "--read-data")).toContain("no errors were found");
});
