// The storage engine hangs (SIGSTOP): every page comes within three seconds, the first included, and says so, with
// what is known.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { signedInMember, signedInStaff } = await import("#tests/support/cast.ts");
const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
const { collectUsage } = await import("#app/domain/usage/collect-usage.ts");

const english = { "Accept-Language": "en" };
const away = "The storage does not answer at the moment";

let home: string;
let bucketPage: string;
let bucketApi: string;
let unmeasuredPage: string;
let owner: Visitor;
let operator: Visitor;

beforeAll(async () => {
  const ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
  operator = await signedInStaff("operator");
  home = `/accounts/${ours.account.slug}`;
  const makeBucket = async (name: string) => {
    const { id } = await createBucket(ours.owner, { name });
    await provisionBucket(id, randomUUID());
    return id;
  };
  const measured = await makeBucket("fotos");
  await engine.client(ours.managementKey).put("fotos", "pão.jpg", "x".repeat(5_000));
  await collectUsage({ accountId: ours.account.id });
  bucketPage = `${home}/buckets/${measured}`;
  bucketApi = `/api/accounts/${ours.account.id}/buckets/${measured}`;
  unmeasuredPage = `${home}/buckets/${await makeBucket("nova")}`;
});
afterAll(() => engine.stop());

async function expectWithin(limitMs: number, ask: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await ask();
  expect(performance.now() - startedAt).toBeLessThan(limitMs);
  if (answer.text.startsWith("<!DOCTYPE")) {
    expect(await htmlProblems(answer.text)).toEqual([]);
  }
  return answer;
}

test("while it answers, operators see how it is doing, and nobody is told anything", async () => {
  const { text } = await operator.get("/admin", english);
  for (const words of [
    "Answers",
    "Embedded in Balde",
    "A tenant for each account",
    "None since this process",
  ])
    expect(text).toContain(words);
  for (const page of [text, (await owner.get(bucketPage, english)).text]) expect(page).not.toContain(away);
  expect((await (await signedInStaff("auditor")).get("/admin", english)).text).not.toContain("Embedded");
});

describe("while it hangs", () => {
  beforeAll(() => {
    process.kill(engine.store.pid(), "SIGSTOP");
  });
  afterAll(() => {
    process.kill(engine.store.pid(), "SIGCONT");
  });

  test("the first page that asks it shows the bucket as it was last measured, with the time", async () => {
    const { status, text } = await expectWithin(3_000, () => owner.get(bucketPage, english));
    expect(status).toBe(200);
    expect(text).toContain("The storage did not answer.");
    expect(text).toMatch(/Measured\W*<time/);
    expect(text).toContain('<data value="5000"');
  });

  test("the next ones come at once, and say that it is away", async () => {
    for (const path of ["", "/buckets", "/usage", "/access-keys", "/access-keys/new", "/reconciliation"]) {
      const { status, text } = await expectWithin(1_500, () => owner.get(home + path, english));
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain(away);
    }
    const { text } = await expectWithin(1_500, () => owner.get(unmeasuredPage, english));
    expect(text).toContain("Not known now");
    expect(text).not.toMatch(/Measured\W*<time/);
  });

  test("JSON says how old the size is", async () => {
    const { size } = (await expectWithin(1_500, () => owner.get(bucketApi))).json();
    expect(size).toMatchObject({ sizeBytes: "5000", isCurrent: false, measuredAt: expect.any(String) });
  });

  test("a key cannot be made, and a bucket is made later", async () => {
    const key = { name: "site", permission: "read", scope: "all" };
    const refused = await expectWithin(3_000, () => owner.post(`${home}/access-keys/new`, key, english));
    expect(refused.status).toBe(503);
    expect(refused.text).toContain("did not answer");
    expect(refused.text).toContain('value="site"');
    const accepted = await expectWithin(1_500, () => owner.post(`${home}/buckets/new`, { name: "depois" }));
    expect(accepted.status).toBe(302);
    const { text } = await expectWithin(1_500, () => owner.get(accepted.location ?? "", english));
    expect(text).toContain("Being created");
  });

  test("operators see since when, and what was said", async () => {
    const { text } = await expectWithin(1_500, () => operator.get("/admin", english));
    for (const words of [away, "Does not answer", "DeadlineExceeded"]) expect(text).toContain(words);
    expect((await expectWithin(1_500, () => operator.get("/readyz"))).status).toBe(200);
  });
});

test("once it is back, pages say so by themselves", async () => {
  await expect
    .poll(async () => (await operator.get("/admin", english)).text, { timeout: 5_000 })
    .not.toContain(away);
  const { text } = await operator.get("/admin", english);
  expect(text).toContain("Answers");
  expect(text).toContain("Last failure");
  expect((await owner.get(bucketPage, english)).text).not.toContain("did not answer");
});
