// What was changed behind the console's back: the same for its owners and for operators, as HTML in both languages
// and as JSON, with the engine there and gone.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { eventually, startReconciliation } from "#tests/support/reconciliation.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startReconciliation();
const { signedInMember, signedInStaff } = await import("#tests/support/cast.ts");
const { makeAccount } = await import("#tests/support/scenario.ts");
const { reconcile } = await import("#app/domain/reconciliation/reconcile.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let owner: Visitor;
let operator: Visitor;
let name: string;
let finding: string;

beforeAll(async () => {
  operator = await signedInStaff("operator");
});
beforeEach(async () => {
  ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
  name = await ours.elsewhere.bucket();
  await ours.check();
  finding = (await ours.findingIds())[0] ?? "";
});
afterAll(() => engine.stop());

const consolePages = () => `/accounts/${ours.account.slug}/reconciliation`;
const adminPages = () => `/admin/accounts/${ours.account.slug}/reconciliation`;
const english = { "Accept-Language": "en" };

async function expectPage(answer: Answer, ...words: string[]): Promise<void> {
  expect(answer.status).toBe(200);
  for (const word of words) expect(answer.text).toContain(word);
  expect(await htmlProblems(answer.text)).toEqual([]);
}

describe("pages", () => {
  test("the account's overview and list tell of it, in both languages", async () => {
    const overview = await owner.get(`/accounts/${ours.account.slug}`, english);
    await expectPage(overview, "1 thing in your storage was changed without the console");
    await expectPage(await owner.get(consolePages(), english), "Bucket that the console does not know", name);
    await expectPage(await owner.get(consolePages()), "Bucket que o console não conhece", name);
  });

  test("everybody who may see one sees what can be done, and only those", async () => {
    await expectPage(await owner.get(`${consolePages()}/${finding}`, english), "Adopt", "Undo", name);
    const developer = await signedInMember(ours.account, "developer");
    const seen = await developer.get(`${consolePages()}/${finding}`, english);
    await expectPage(seen, name);
    expect(seen.text).not.toContain(`${finding}/adoption`);
    expect((await developer.get(`${consolePages()}/${finding}/adoption`)).status).toBe(403);
    const billing = await signedInMember(ours.account, "billing");
    expect((await billing.get(consolePages())).status).toBe(403);
  });

  test("adopting: what it means, then a job, then it is one of the account's", async () => {
    const page = `${consolePages()}/${finding}`;
    await expectPage(await owner.get(`${page}/adoption`, english), "becomes one of the account’s");
    const answer = await owner.post(`${page}/adoption`);
    expect([answer.status, answer.location]).toEqual([302, page]);
    await expectPage(await owner.get(page, english), "The decision is being carried out", "Being adopted");
    expect((await owner.post(`${page}/adoption`)).status).toBe(409);
    await expectPage(await owner.get(`${page}/adoption`, english), "already decided");
    await ours.settle(finding);
    await expectPage(await owner.get(page, english), "Adopted");
    await expectPage(await owner.get(`/accounts/${ours.account.slug}/buckets`, english), name);
    await expectPage(await owner.get(consolePages(), english), "Console and storage agree");
    await expectPage(await owner.get(`${consolePages()}?state=closed`, english), name);
  });

  test("undoing a bucket that holds something is refused, and the page says why", async () => {
    await engine.client(ours.managementKey).put(name, "foto.jpg");
    const page = `${adminPages()}/${finding}`;
    await expectPage(await operator.get(`${page}/reversal`, english), "This bucket holds something");
    const answer = await operator.post(`${page}/reversal`);
    expect([answer.status, answer.location]).toEqual([302, page]);
    await ours.settle(finding);
    await expectPage(await operator.get(page, english), "could not be carried out", "Empty it first");
  });

  test("over the account's limit the form says so, and an operator may raise it", async () => {
    await ours.limit("buckets", 0n);
    const refused = await owner.post(`${consolePages()}/${finding}/adoption`, {}, english);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("You have reached the limit of your account");
    expect(refused.text).not.toContain('name="raiseLimit"');
    const page = `${adminPages()}/${finding}`;
    await expectPage(await operator.get(`${page}/adoption`, english), 'name="raiseLimit"');
    expect((await operator.post(`${page}/adoption`, { raiseLimit: "on" })).status).toBe(302);
    expect(await ours.settle(finding)).toMatchObject({ outcome: "adopted" });
  });

  test("operators see all of it, filtered, with the last run and what failed", async () => {
    await expectPage(await operator.get("/admin/reconciliation", english), "have not been compared", name);
    await reconcile({}, randomUUID());
    const all = await operator.get(`/admin/reconciliation?q=${ours.account.slug}`, english);
    await expectPage(all, "All accounts compared", name);
    const none = await operator.get("/admin/reconciliation?kind=quota_differs", english);
    expect(none.text).not.toContain(name);
    expect((await operator.post("/admin/reconciliation")).location).toBe("/admin/reconciliation");

    await engine.store.kill();
    await expect(reconcile({}, randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    const down = await operator.get("/admin/reconciliation", english);
    await expectPage(down, "ended early", "unavailable", name);
    // What needs no engine goes on; what does says so.
    await expectPage(await owner.get(`${consolePages()}/${finding}/adoption`, english), "did not answer");
    const pending = await makeAccount({ state: "pending" });
    await expectPage(
      await operator.get(`/admin/accounts/${pending.slug}/engine-tenant`, english),
      "The storage does not answer",
    );
    await engine.store.start();
    await eventually(() => reconcile({}, randomUUID()));
  });

  test("an operator ties an account to a tenant that is at the engine", async () => {
    const tenant = `acme_${randomUUID().slice(0, 8)}`;
    await engine.makeEngineUser(`${tenant}$alice`);
    const pending = await makeAccount({ state: "pending" });
    const account = `/admin/accounts/${pending.slug}`;
    await expectPage(await operator.get(account, english), "Use an existing tenant");
    await expectPage(await operator.get(`${account}/engine-tenant?q=${tenant}`, english), tenant);
    await expectPage(
      await operator.get(`${account}/engine-tenant?tenant=${tenant}`, english),
      "alice",
      "Tie to this tenant",
    );
    const answer = await operator.post(`${account}/engine-tenant`, { tenant });
    expect([answer.status, answer.location]).toEqual([302, account]);
    expect((await operator.get(`${account}/engine-tenant?tenant=nobody`)).status).toBe(404);
    expect((await operator.get(`${account}/engine-tenant?tenant=no%20name`)).status).toBe(404);
  });
});

test("JSON: the same list, the same decisions, the same refusals", async () => {
  const api = `/api/accounts/${ours.account.id}/findings`;
  const listed = await owner.get(api);
  expect(listed.json().findings).toMatchObject([
    { id: finding, kind: "bucket_only_at_engine", resource: name },
  ]);
  expect((await owner.get(`${api}/${finding}`)).json()).toMatchObject({
    state: "open",
    consoleSays: null,
    engineSays: { ownerUser: "owner" },
    mayAdopt: true,
  });
  const answer = await owner.json(`${api}/${finding}/undo`);
  expect([answer.status, answer.json()]).toEqual([202, { id: finding, state: "undoing" }]);
  expect((await owner.json(`${api}/${finding}/adopt`)).json()).toMatchObject({ code: "already-decided" });
  expect((await owner.json(api)).status).toBe(202);

  const admin = `/api/admin/accounts/${ours.account.id}/findings/${finding}`;
  expect((await operator.get(admin)).json()).toMatchObject({ id: finding, state: "undoing" });
  expect((await operator.json(`${admin}/adopt`, { raiseLimit: true })).status).toBe(409);
  expect((await operator.get("/api/admin/findings")).json().findings.length).toBeGreaterThan(0);
  expect((await operator.json("/api/admin/findings")).status).toBe(202);
  const support = await signedInStaff("support");
  expect((await support.get(admin)).status).toBe(200);
  expect((await support.json(`${admin}/adopt`)).status).toBe(403);
});
