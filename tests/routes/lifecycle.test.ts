// Lifecycle rules through their forms, on the embedded store: what is sent is read back from the engine.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { storage } = engine;
const { signedInMember } = await import("#tests/support/cast.ts");

const english = { "Accept-Language": "en" };

let ours: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let bucket: { id: string; name: string; page: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
});
afterAll(() => engine.stop());
beforeEach(async () => {
  const { id, name } = await ours.makeBucket();
  bucket = { id, name, page: `/accounts/${ours.account.slug}/buckets/${id}/lifecycle` };
});

const at = () => ({ managementKey: ours.managementKey, bucket: bucket.name });
const rulesNow = () => storage.getLifecycle(at());
const makeRules = (...rules: LifecycleRule[]) => storage.setLifecycle({ ...at(), rules });

/** A page of the bucket's rules, valid HTML; `/rule?id=logs`. */
async function see(path = "", who = owner): Promise<Answer> {
  const answer = await who.get(bucket.page + path, english);
  await expectValid(answer);
  return answer;
}

async function send(path: string, fields: Record<string, string>, who = owner): Promise<Answer> {
  const answer = await who.post(bucket.page + path, fields, english);
  if (answer.text.startsWith("<!DOCTYPE")) await expectValid(answer);
  return answer;
}

async function expectValid({ text }: Answer): Promise<void> {
  expect(await htmlProblems(text)).toEqual([]);
}

/** What the page's form carries of the rule that it is about. */
const fingerprintIn = ({ text }: Answer) => /name="fingerprint" value="([^"]+)"/.exec(text)?.[1] ?? "";
const wordsOf = ({ text }: Answer) =>
  text
    .replace(/<script.*?<\/script>/gs, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

const logs: LifecycleRule = {
  id: "logs",
  enabled: true,
  filter: { prefix: "logs/" },
  expiration: { days: 30 },
};
const strange = `"<b>&'ção ${"x".repeat(200)}`;

test("without rules the page says what they are for, and that nothing is deleted by itself", async () => {
  const words = wordsOf(await see());
  for (const said of [
    "No rules yet",
    "Nothing in this bucket is deleted by itself",
    "cannot be brought back",
    "New rule",
  ])
    expect(words).toContain(said);
});

test("a rule with everything is made, said in sentences, and filled in again", async () => {
  await storage.setVersioning({ ...at(), versioning: "enabled" });
  const { status, location } = await send("/new", {
    id: strange,
    enabled: "on",
    prefix: " a/",
    "tags[0].key": "tipo",
    "tags[0].value": "rascunho",
    "tags[1].key": "",
    "tags[1].value": "",
    "tags[9].key": "<i>",
    "tags[9].value": "",
    sizeGreaterThan: "1,5",
    sizeGreaterThanUnit: "KiB",
    sizeLessThan: "2",
    sizeLessThanUnit: "GiB",
    expiration: "date",
    days: "",
    date: "2031-12-31",
    noncurrentDays: "7",
    newerVersions: "2",
    abortDays: "",
  });
  expect([status, location]).toEqual([302, bucket.page]);
  expect(await rulesNow()).toEqual([
    {
      id: strange,
      enabled: true,
      filter: {
        prefix: " a/",
        tags: [
          { key: "tipo", value: "rascunho" },
          { key: "<i>", value: "" },
        ],
        sizeGreaterThan: 1_536n,
        sizeLessThan: 2_147_483_648n,
      },
      expiration: { date: new Date("2031-12-31T00:00:00Z") },
      noncurrentExpiration: { days: 7, newerVersions: 2 },
    },
  ]);
  const words = wordsOf(await see());
  for (const said of [
    "over all objects from Dec 31, 2031 (00:00 UTC) on",
    "Deletes old versions 7 days after they were replaced",
    "Always spares the 2 newest old versions",
    "tipo=rascunho",
    "1.5 KiB",
    "2 GiB",
    "&lt;b&gt;",
  ])
    expect(words).toContain(said);

  const form = await see(`/rule?${new URLSearchParams({ id: strange })}`);
  for (const filledIn of [
    'value=" a/"',
    'value="1.5"',
    'value="2031-12-31"',
    'value="rascunho"',
    'value="7"',
  ])
    expect(form.text).toContain(filledIn);
});

test("what is wrong is said at its field, with what was typed still there", async () => {
  const typed = { prefix: "kept/", sizeLessThan: "1.000", expiration: "markers", abortDays: "0,5" };
  const first = await send("/new", { ...typed, newerVersions: "0" });
  expect(first.status).toBe(400);
  for (const said of ["from 1 to 100", "After how many days unfinished uploads are discarded"])
    expect(wordsOf(first)).toContain(said);
  for (const kept of ['value="kept/"', 'value="1.000"', 'value="0,5"']) expect(first.text).toContain(kept);

  const second = await send("/new", {
    ...typed,
    abortDays: "5",
    "tags[0].key": "k",
    "tags[5].value": "no key",
  });
  for (const said of [
    "Delete markers have no tags and no size",
    "Unfinished uploads have no tags and no size",
    "Enter the key of this tag",
    "at most two decimals",
  ])
    expect(wordsOf(second)).toContain(said);
  // The rows with something in them are in sight.
  expect(second.text).toContain("<details open");
  expect(await rulesNow()).toEqual([]);
});

describe("a rule that is there", () => {
  beforeEach(() => makeRules(logs));

  test("is changed, under a new name too", async () => {
    const fingerprint = fingerprintIn(await see("/rule?id=logs"));
    const changed = {
      fingerprint,
      id: "old logs",
      enabled: "on",
      prefix: "logs/",
      expiration: "days",
      days: "60",
    };
    expect((await send("/rule?id=logs", changed)).status).toBe(302);
    // A second click.
    expect((await send("/rule?id=logs", changed)).status).toBe(302);
    expect(await rulesNow()).toEqual([{ ...logs, id: "old logs", expiration: { days: 60 } }]);
  });

  test("is turned off, on and deleted on pages of their own", async () => {
    for (const [page, left] of [
      ["disabling", [{ ...logs, enabled: false }]],
      ["enabling", [logs]],
      ["deletion", []],
    ] as const) {
      const asked = await see(`/rule/${page}?id=logs`);
      expect(wordsOf(asked)).toContain("Deletes objects 30 days after they were created");
      const { status, location } = await send(`/rule/${page}?id=logs`, { fingerprint: fingerprintIn(asked) });
      expect([page, status, location]).toEqual([page, 302, bucket.page]);
      expect(await rulesNow()).toEqual(left);
    }
    expect((await owner.get(`${bucket.page}/rule/deletion?id=logs`)).status).toBe(404);
  });

  test("is not overwritten once somebody else has changed it", async () => {
    const fingerprint = fingerprintIn(await see("/rule?id=logs"));
    await makeRules({ ...logs, expiration: { days: 90 } });
    const answers = await Promise.all([
      send("/rule?id=logs", { fingerprint, id: "logs", abortDays: "1" }),
      send("/rule/deletion?id=logs", { fingerprint }),
      // As if the page had been opened without it.
      send("/rule/disabling?id=logs", {}),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([400, 409, 409]);
    expect(await rulesNow()).toEqual([{ ...logs, expiration: { days: 90 } }]);
  });

  test("is no concern of a developer, who reads it, nor of another account", async () => {
    const developer = await signedInMember(ours.account, "developer");
    const list = await see("", developer);
    expect(wordsOf(list)).toContain("Names that begin with logs/");
    for (const hidden of ["New rule", "/rule?id=", "/rule/deletion"]) expect(list.text).not.toContain(hidden);
    const stranger = await signedInMember((await engine.makeTenant()).account, "owner");
    const pages = [
      "/new",
      "/rule?id=logs",
      "/rule/deletion?id=logs",
      "/rule/enabling?id=logs",
      "/rule/disabling?id=logs",
    ];
    for (const path of pages) {
      expect([path, (await developer.get(bucket.page + path)).status]).toEqual([path, 403]);
      expect([path, (await send(path, { abortDays: "1" }, developer)).status]).toEqual([path, 403]);
      expect([path, (await stranger.get(bucket.page + path)).status]).toEqual([path, 404]);
    }
    expect(await rulesNow()).toEqual([logs]);
  });

  test("is shown and left alone while the account is suspended", async () => {
    const set = (state: string) =>
      queryAsOwner("UPDATE account SET state = $2 WHERE id = $1", [ours.account.id, state]);
    await set("suspended");
    try {
      const list = await see();
      expect(wordsOf(list)).toContain("Names that begin with logs/");
      expect(list.text).not.toContain("/rule/deletion");
      expect((await send("/new", { abortDays: "1" })).status).toBe(422);
    } finally {
      await set("active");
    }
    expect(await rulesNow()).toEqual([logs]);
  });
});

test("other pages can lead to a form that is filled in, and to nothing that is no field", async () => {
  const query = "prefix=tmp%2F&expiration=days&days=7&tags%5B0%5D.key=k&fingerprint=x&constructor=1";
  const { text } = await see(`/new?${query}`);
  expect(text).not.toContain('value="tmp/"');
  const form = await see(`/new?${query.replace("&constructor=1", "")}`);
  for (const filledIn of ['value="tmp/"', 'value="7"', 'value="k"']) expect(form.text).toContain(filledIn);
  expect(form.text).toMatch(/checked="" value="days"|value="days" checked=""/);
});

test("old versions in a bucket that never had any: the form and the rule say that this has no effect now", async () => {
  expect(wordsOf(await see("/new"))).toContain("Versioning was never turned on in this bucket");
  await send("/new", { id: "old", noncurrentDays: "7" });
  expect(wordsOf(await see())).toContain("No effect now");
  await storage.setVersioning({ ...at(), versioning: "suspended" });
  expect(wordsOf(await see())).not.toContain("No effect now");
});

test("while the engine is away every page comes, says so, and offers nothing that would fail", async () => {
  await makeRules(logs);
  process.kill(engine.store.pid(), "SIGSTOP");
  try {
    for (const path of ["", "/new", "/rule?id=logs", "/rule/deletion?id=logs"]) {
      const startedAt = performance.now();
      const answer = await see(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect(wordsOf(answer)).toContain("The rules are not known now");
      expect(answer.text).not.toContain('name="fingerprint"');
    }
    const refused = await send("/new", { prefix: "kept/", abortDays: "1" });
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('value="kept/"');
  } finally {
    process.kill(engine.store.pid(), "SIGCONT");
  }
});
