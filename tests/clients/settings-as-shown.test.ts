// What the page of a created key shows for each client is enough: its files are saved as they are offered, its lines
// are typed as they stand, and the client works. Nothing here comes from the functions that make the settings.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type IssuedKey, startIssuer } from "./issued-keys.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const issuer = await startIssuer();
let issued: IssuedKey;
let place: Workplace;

beforeAll(async () => {
  const customer = await issuer.makeCustomer();
  const bucket = await customer.makeBucket();
  issued = await customer.issueKey();
  place = await openWorkplace(issued);
  await place.write("fornada.txt", "pão");
  await place.succeed(["rclone", "copyto", "fornada.txt", `balde:${bucket}/fornada.txt`]);
});
afterAll(async () => {
  await place?.close();
  await issuer.stop();
});

test("eight clients are on the page, each file to copy and to download", () => {
  const clients = issued.shown.map(({ client }) => client);
  expect(clients).toEqual(["aws", "boto3", "rclone", "s3cmd", "restic", "terraform", "cyberduck", "veeam"]);
  const files = issued.shown.flatMap((shown) => shown.files);
  expect(files).toHaveLength(8);
  for (const { code, downloaded } of files) expect(downloaded).toBe(`${code}\n`);
});

test.each([
  ["aws", /\d+ fornada\.txt/],
  ["boto3", /^1$/m],
  ["rclone", /^fornada\.txt$/m],
  ["s3cmd", /s3:\/\/[a-z0-9-]+\/fornada\.txt/],
] as const)("%s lists the bucket", async (client, listed) => {
  const { code, output } = await place.tryOut(client);
  expect([code, output]).toEqual([0, expect.stringMatching(listed)]);
});

test("restic makes its repository, and finds it again", async () => {
  // It asks for the repository's password, and then for the same.
  const { code, output } = await place.tryOut("restic", {
    environment: { RESTIC_PASSWORD: "correct horse" },
  });
  expect([code, output]).toEqual([0, expect.stringContaining("created restic repository")]);
});

test("Veeam's and Cyberduck's fields hold the key, its secret and the address", () => {
  const fieldsOf = (client: string) => issued.shown.find((shown) => shown.client === client)?.fields;
  const { accessKeyId, secretAccessKey, endpoint, region } = issued;
  expect(fieldsOf("veeam")).toMatchObject({
    "Service point": endpoint,
    Region: region,
    "Access key": accessKeyId,
    "Secret key": secretAccessKey,
  });
  expect(fieldsOf("cyberduck")).toEqual({
    "Access Key ID": accessKeyId,
    "Secret Access Key": secretAccessKey,
  });
});
