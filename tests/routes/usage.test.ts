// Usage as pages, CSV and JSON: the same numbers, for the same people.
import { beforeAll, describe, expect, test } from "vitest";
import { recordCounters, recordStored } from "#app/domain/usage/record-usage.ts";
import type { Visitor } from "#tests/support/app.ts";
import { signedInMember, signedInStaff } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, type TestAccount } from "#tests/support/scenario.ts";

let account: TestAccount;
let billing: Visitor;
let auditor: Visitor;

const huge = 2n ** 60n + 1n;

beforeAll(async () => {
  account = await makeAccount();
  billing = await signedInMember(account, "billing");
  auditor = await signedInMember(account, "auditor");
  const measuredAt = new Date("2026-03-31T20:05:00Z");
  const flows = { readRequests: 4n, writeRequests: 2n, ingressBytes: 30n, egressBytes: huge };
  await recordCounters(account.id, measuredAt, [
    { bucket: "fotos", hour: new Date("2026-03-31T19:00:00Z"), traffic: "tenant", ...flows },
  ]);
  await recordStored(account.id, measuredAt, [
    { bucket: "fotos", sizeBytes: 2_500n, objectCount: 3n, breakdown: null },
    // No S3 client could make it, and an engine's own tools might.
    { bucket: "=cmd", sizeBytes: 1n, objectCount: 1n, breakdown: null },
  ]);
});

describe("a month", () => {
  test("as JSON has its numbers as decimal strings", async () => {
    const answer = await billing.get(`/api/accounts/${account.id}/usage?month=2026-03`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      month: "2026-03",
      measuredAt: "2026-03-31T20:05:00.000Z",
      storedBytes: "2501",
      objects: "4",
      requestsRead: "4",
      requestsWrite: "2",
      ingressBytes: "30",
      egressBytes: huge.toString(),
      buckets: [{ bucket: "fotos", storedBytes: "2500" }, { bucket: "=cmd" }],
    });
    expect(answer.json().days).toHaveLength(31);
  });

  test("as CSV has every hour and bucket, and no formula", async () => {
    const answer = await billing.get(`/accounts/${account.slug}/usage.csv?month=2026-03`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toContain("text/csv");
    expect(answer.headers.get("Content-Disposition")).toBe(
      `attachment; filename="usage-${account.slug}-2026-03.csv"`,
    );
    expect(answer.text.split("\r\n")).toEqual([
      "hour_utc,bucket,stored_bytes,objects,requests_read,requests_write,egress_bytes,ingress_bytes",
      `2026-03-31T19:00:00.000Z,fotos,,,4,2,${huge},30`,
      "2026-03-31T20:00:00.000Z,'=cmd,1,1,0,0,0,0",
      "2026-03-31T20:00:00.000Z,fotos,2500,3,0,0,0,0",
      "",
    ]);
  });

  test("as a page has the same, in a table", async () => {
    const { status, text } = await billing.get(`/accounts/${account.slug}/usage?month=2026-03`);
    expect(status).toBe(200);
    expect(text).toContain('<data value="2501"');
    expect(text).toContain(`<data value="${huge}"`);
    expect(text).toContain("America/Sao_Paulo");
  });

  test.each(["usage?month=2026-13", "usage.csv?month=x"])("that is none is a 400: %s", async (path) => {
    expect((await billing.get(`/accounts/${account.slug}/${path}`)).status).toBe(400);
    const problem = await billing.get(`/api/accounts/${account.id}/usage?month=x`);
    expect([problem.status, problem.json()]).toMatchObject([400, { errors: [{ field: "month" }] }]);
  });
});

describe("an auditor of the account", () => {
  test.each(["usage", "usage.csv"])("is refused the page %s", async (page) => {
    const answer = await auditor.get(`/accounts/${account.slug}/${page}`);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain("2501");
  });

  test("is refused the JSON", async () => {
    const answer = await auditor.get(`/api/accounts/${account.id}/usage`);
    expect([answer.status, answer.json().code]).toEqual([403, "forbidden"]);
  });

  test("sees the overview without usage", async () => {
    const answer = await auditor.get(`/accounts/${account.slug}`);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(`${account.slug}/usage`);
  });
});

describe("the operators' page", () => {
  test("lists the account, and measures now on request", async () => {
    const operator = await signedInStaff("operator");
    const page = await operator.get("/admin/usage");
    expect(page.text).toContain(account.slug);
    expect(page.text).toContain('<data value="2501"');
    const answer = await operator.post("/admin/usage", {});
    expect([answer.status, answer.location]).toEqual([302, "/admin/usage"]);
    expect(await queryAsOwner("SELECT data FROM pgboss.job WHERE name = 'collect-usage'")).toEqual([
      { data: {} },
    ]);
  });

  test("support may look and not ask for it; its auditor may not look", async () => {
    const support = await signedInStaff("support");
    expect((await support.get("/admin/usage")).status).toBe(200);
    expect((await support.post("/admin/usage", {})).status).toBe(403);
    const staffAuditor = await signedInStaff("auditor");
    expect((await staffAuditor.get("/admin/usage")).status).toBe(403);
  });
});
