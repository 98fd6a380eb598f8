// Settings of a bucket through their forms, on the embedded store: what is sent is read back from the engine.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CorsRule } from "#app/ports/storage/driver.ts";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { storage } = engine;
const { signedInMember } = await import("#tests/support/cast.ts");
const { areDirectUploadsAllowed } = await import("#app/domain/bucket-settings/direct-uploads.ts");

const english = { "Accept-Language": "en" };

let ours: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let developer: Visitor;
let stranger: Visitor;
let bucket: { id: string; name: string; page: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
  developer = await signedInMember(ours.account, "developer");
  stranger = await signedInMember((await engine.makeTenant()).account, "owner");
});
afterAll(() => engine.stop());
beforeEach(async () => {
  const { id, name } = await ours.makeBucket();
  bucket = { id, name, page: `/accounts/${ours.account.slug}/buckets/${id}` };
});

const at = () => ({ managementKey: ours.managementKey, bucket: bucket.name });
const quotaOf = () => storage.getBucketQuota({ tenant: ours.tenant, bucket: bucket.name });

/** A page of the bucket, which is valid HTML; `/cors/rule?position=1`. */
async function see(path: string, who = owner): Promise<Answer> {
  const answer = await who.get(bucket.page + path, english);
  expect(await htmlProblems(answer.text)).toEqual([]);
  return answer;
}

const send = (path: string, fields: Record<string, string> | [string, string][], who = owner) =>
  who.post(bucket.page + path, fields, english);

/** What the page's form carries in a hidden field. */
function hidden({ text }: Answer, name = "fingerprint"): string {
  return new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? "";
}

/** Sends, and says what the page after it announces. */
async function flashAfter(path: string, fields: Record<string, string> | [string, string][]) {
  const { status, location } = await send(path, fields);
  expect([status, location?.startsWith(bucket.page)]).toEqual([302, true]);
  const { text } = await owner.get(location ?? "", english);
  return /role="status"[^>]*>.*?<\/div><\/div>|role="status"[^>]*>.*?<\/p>/s
    .exec(text)?.[0]
    .replace(/<[^>]+>/g, "");
}

const events = async () => {
  const rows = await queryAsOwner<{ action: string; outcome: string; code: string | null }>(
    "SELECT action, outcome::text, code FROM audit_event WHERE resource_id = $1 AND action LIKE 'buckets:set-%' ORDER BY id",
    [bucket.id],
  );
  return rows.map(({ action, outcome, code }) => [action, outcome, code].filter(Boolean).join(" "));
};

const site: CorsRule = { allowedOrigins: ["https://a.example"], allowedMethods: ["GET"] };

test("the bucket's page leads to its settings, and shows commands that reach it", async () => {
  const { text } = await see("");
  expect(text).toContain(`href="${bucket.page}/settings"`);
  expect(text).toContain(
    `aws --profile balde --endpoint-url ${engine.store.endpoint} s3 ls s3://${bucket.name}/`,
  );
});

test("the summary says what the engine has", async () => {
  const fresh = await see("/settings");
  for (const words of [
    "Off",
    "None: nothing is removed",
    "None: browsers reach",
    "Not allowed: files",
    "None: the account",
  ])
    expect(fresh.text).toContain(words);

  await storage.setVersioning({ ...at(), versioning: "enabled" });
  await storage.setLifecycle({
    ...at(),
    rules: [
      { id: "old logs", enabled: true, filter: { prefix: "logs/" }, expiration: { days: 3 } },
      { id: "<b>trash", enabled: false, filter: {}, expiration: { days: 9 } },
    ],
  });
  await storage.setCors({ ...at(), rules: [site] });
  await storage.setBucketTags({ ...at(), tags: [{ key: "setor", value: "vendas" }] });
  await storage.setBucketQuota({
    tenant: ours.tenant,
    bucket: bucket.name,
    quota: { maxSizeBytes: 3n * 1024n ** 3n, maxObjects: 10n },
  });
  await engine.client(ours.managementKey).put(bucket.name, "pão.txt", "x".repeat(2_048));
  const { text } = await see("/settings");
  for (const words of [
    "On: what is overwritten",
    "2 rules",
    "old logs",
    "&lt;b&gt;trash",
    "https://a.example",
    "vendas",
  ])
    expect(text).toContain(words);
  expect(text.replaceAll("\u00a0", " ")).toContain("2 KiB of 3 GiB");
  expect(text).toContain("1 of 10");
});

describe("versioning", () => {
  test("is turned on, suspended and turned on again, and says before that there is no way back", async () => {
    const unset = await see("/versioning");
    expect(unset.text).toContain("There is no way back");
    expect(await flashAfter("/versioning", { versioning: hidden(unset, "versioning") })).toContain(
      "Versioning is on.",
    );
    expect(await storage.getVersioning(at())).toBe("enabled");

    const enabled = await see("/versioning");
    expect(enabled.text).toContain("All versions that exist stay as they are");
    expect(await flashAfter("/versioning", { versioning: hidden(enabled, "versioning") })).toContain(
      "suspended",
    );
    expect(await storage.getVersioning(at())).toBe("suspended");

    await flashAfter("/versioning", { versioning: hidden(await see("/versioning"), "versioning") });
    expect(await storage.getVersioning(at())).toBe("enabled");
    expect(await events()).toEqual(Array(3).fill("buckets:set-versioning succeeded"));
  });

  test("is never turned off", async () => {
    await storage.setVersioning({ ...at(), versioning: "enabled" });
    for (const versioning of ["unset", "", "off"])
      expect((await send("/versioning", { versioning })).status).toBe(400);
    expect(await storage.getVersioning(at())).toBe("enabled");
  });
});

describe("CORS", () => {
  const fields: [string, string][] = [
    ["origins", "https://App.example.com/\r\n\r\n https://*.example.org \r\nhttps://app.example.com"],
    ["methods", "GET"],
    ["methods", "PUT"],
    ["headers", "content-type\r\nx-amz-*"],
    ["exposeHeaders", "ETag"],
    ["maxAgeSeconds", "600"],
    ["name", "site"],
  ];
  const kept: CorsRule = {
    id: "site",
    allowedOrigins: ["https://app.example.com", "https://*.example.org"],
    allowedMethods: ["GET", "PUT"],
    allowedHeaders: ["content-type", "x-amz-*"],
    exposeHeaders: ["ETag"],
    maxAgeSeconds: 600,
  };

  test("a rule is added, shown, changed and deleted", async () => {
    expect((await see("/cors")).text).toContain("None: browsers");
    await see("/cors/new");
    expect(await flashAfter("/cors/new", fields)).toContain("The rule was added.");
    expect(await storage.getCors(at())).toEqual([kept]);
    expect(
      await flashAfter("/cors/new", [
        ["origins", "*"],
        ["methods", "HEAD"],
      ]),
    ).toContain("added");

    const list = await see("/cors");
    for (const words of ["https://*.example.org", "x-amz-*", "ETag", ">600<", "The order matters"])
      expect(list.text).toContain(words);

    const form = await see("/cors/rule?position=1");
    expect(form.text).toContain("https://app.example.com\nhttps://*.example.org</textarea>");
    expect(form.text).toMatch(/value="PUT"[^>]*checked|checked[^>]*value="PUT"/);
    const changed: [string, string][] = [
      ["fingerprint", hidden(form)],
      ["origins", "https://app.example.com"],
      ["methods", "DELETE"],
    ];
    expect(await flashAfter("/cors/rule?position=1", changed)).toContain("The rule was changed.");
    const any: CorsRule = { allowedOrigins: ["*"], allowedMethods: ["HEAD"] };
    expect(await storage.getCors(at())).toEqual([
      { allowedOrigins: ["https://app.example.com"], allowedMethods: ["DELETE"] },
      any,
    ]);

    const deletion = await see("/cors/rule/deletion?position=1");
    expect(deletion.text).toContain("https://app.example.com");
    expect(await flashAfter("/cors/rule/deletion?position=1", { fingerprint: hidden(deletion) })).toContain(
      "deleted",
    );
    expect(await storage.getCors(at())).toEqual([any]);
    await flashAfter("/cors/rule/deletion?position=1", {
      fingerprint: hidden(await see("/cors/rule/deletion?position=1")),
    });
    expect(await storage.getCors(at())).toEqual([]);
  });

  test.each<[what: string, change: Record<string, string>, words: string]>([
    ["no origin", { origins: " \r\n " }, "at least one origin"],
    ["an origin with a path", { origins: "https://a.example/app" }, "Write each origin on a line"],
    ["two stars in an origin", { origins: "https://*.*.example" }, "Write each origin on a line"],
    ["no method", { methods: "" }, "at least one method"],
    ["an unknown method", { methods: "PATCH" }, "Choose one of the options"],
    ["two stars in a header", { headers: "x-*-*" }, "It may hold one *"],
    ["a header that is none", { headers: "x y" }, "It may hold one *"],
    ["a star in an exposed header", { exposeHeaders: "x-*" }, "does not work here"],
    ["a time that is no number", { maxAgeSeconds: "1h" }, "whole number"],
    ["a long name", { name: "n".repeat(256) }, "255"],
    ["the console's own name", { name: "balde-direct-uploads" }, "This name is kept"],
  ])("%s is refused before the engine hears of it", async (_what, change, words) => {
    const { status, text } = await send("/cors/new", {
      origins: "https://a.example",
      methods: "GET",
      ...change,
    });
    expect([status, text.includes(words)]).toEqual([400, true]);
    expect(await events()).toEqual([]);
    expect(await storage.getCors(at())).toEqual([]);
  });

  test("the limits of S3 are checked: rules, and the length of all together", async () => {
    await storage.setCors({ ...at(), rules: Array<CorsRule>(100).fill(site) });
    const tooMany = await send("/cors/new", { origins: "*", methods: "GET" });
    expect([tooMany.status, tooMany.text.includes("at most 100 rules")]).toEqual([400, true]);
    expect(await storage.getCors(at())).toHaveLength(100);

    // The most that the engine takes is taken, and no more is sent.
    const origins = (count: number) =>
      Array.from(
        { length: count },
        (_, n) => `https://${String(n).padStart(4, "0")}${"a".repeat(60)}.example`,
      ).join("\n");
    await storage.deleteCors(at());
    const tooLong = await send("/cors/new", { origins: origins(590), methods: "GET" });
    expect([tooLong.status, tooLong.text.includes("64 KiB")]).toEqual([400, true]);
    expect((await send("/cors/new", { origins: origins(570), methods: "GET" })).status).toBe(302);
    expect((await storage.getCors(at()))[0]?.allowedOrigins).toHaveLength(570);
  });

  test("a rule that moved is neither changed nor deleted by mistake", async () => {
    await storage.setCors({ ...at(), rules: [kept, site] });
    const stale = hidden(await see("/cors/rule?position=2"));
    const rules = [site, kept];
    await storage.setCors({ ...at(), rules });
    const fields = { fingerprint: stale, origins: "https://typed.example", methods: "GET" };
    const refused = await send("/cors/rule?position=2", fields);
    expect(refused.status).toBe(409);
    for (const words of ["Somebody changed these settings", "https://typed.example</textarea>"])
      expect(refused.text).toContain(words);
    const deletion = await send("/cors/rule/deletion?position=2", { fingerprint: stale });
    expect(deletion.status).toBe(409);
    // It shows the rule that stands there now, and asks about that one.
    expect(deletion.text).toContain("https://*.example.org");
    expect(await storage.getCors(at())).toEqual(rules);
    await flashAfter("/cors/rule/deletion?position=2", { fingerprint: hidden(deletion) });
    expect(await storage.getCors(at())).toEqual([site]);

    const gone = await send("/cors/rule?position=2", fields);
    expect([gone.status, gone.text.includes("https://typed.example</textarea>")]).toEqual([409, true]);
    expect(await events()).toContain("buckets:set-cors refused settings-changed");
  });

  test("of many rules added at once none is lost: each is kept, or its sender told", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => send("/cors/new", { origins: `https://${n}.example`, methods: "GET" })),
    );
    const added = answers.filter(({ status }) => status === 302).length;
    expect(answers.map(({ status }) => status).filter((status) => status !== 302 && status !== 409)).toEqual(
      [],
    );
    expect(added).toBeGreaterThan(0);
    expect(await storage.getCors(at())).toHaveLength(added);
  });

  test("of two who change the same rule at once exactly one wins", async () => {
    await storage.setCors({ ...at(), rules: [site] });
    const fingerprint = hidden(await see("/cors/rule?position=1"));
    const answers = await Promise.all(
      ["GET", "PUT"].map((methods) =>
        send("/cors/rule?position=1", {
          fingerprint,
          origins: `https://${methods.toLowerCase()}.example`,
          methods,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 409]);
  });

  test("a rule that is not there is not found, and an address that names none neither", async () => {
    for (const path of ["/cors/rule", "/cors/rule/deletion"]) {
      for (const query of [
        "",
        "?position=1",
        "?position=0",
        "?position=x",
        "?position=1e3",
        "?position=9999",
      ])
        expect([query, (await see(path + query)).status]).toEqual([query, 404]);
    }
  });

  test("a preset fills the form in", async () => {
    const { text } = await see("/cors/new?origins=*&methods=GET&methods=HEAD");
    expect(text).toContain("*</textarea>");
    expect(text.match(/checked=""/g)).toHaveLength(2);
  });
});

describe("tags", () => {
  const rows = (tags: [string, string][], fingerprint: string): [string, string][] => [
    ["fingerprint", fingerprint],
    ...tags.flatMap(([key, value], row): [string, string][] => [
      [`tags[${row}].key`, key],
      [`tags[${row}].value`, value],
    ]),
  ];
  const fingerprint = async () => hidden(await see("/tags"));

  test("are set, changed, and removed by emptying a row", async () => {
    expect((await see("/tags")).text.match(/name="tags\[\d+\]\.key"/g)).toHaveLength(5);
    expect((await see("/tags?rows=999")).text.match(/name="tags\[\d+\]\.key"/g)).toHaveLength(50);
    const set: [string, string][] = [
      ["área", "produção & <vendas>"],
      ["", ""],
      ["cost-center", ""],
    ];
    const refused = await send("/tags", rows(set, await fingerprint()));
    expect([refused.status, refused.text.includes("the signs")]).toEqual([400, true]);
    set[0] = ["área", "produção +1"];
    expect(await flashAfter("/tags", rows(set, await fingerprint()))).toContain("2 tags");
    expect(await storage.getBucketTags(at())).toEqual([
      { key: "cost-center", value: "" },
      { key: "área", value: "produção +1" },
    ]);
    const form = await see("/tags");
    expect(form.text.match(/name="tags\[\d+\]\.key"/g)).toHaveLength(7);
    expect(
      await flashAfter(
        "/tags",
        rows(
          [
            ["", ""],
            ["área", "2"],
          ],
          hidden(form),
        ),
      ),
    ).toContain("1 tag now");
    expect(await flashAfter("/tags", rows([["", ""]], await fingerprint()))).toContain("no tags");
    expect(await storage.getBucketTags(at())).toEqual([]);
  });

  test.each<[what: string, tags: [string, string][], words: string]>([
    ["a value without a key", [["", "x"]], "This tag has no key"],
    ["a key of spaces", [["  ", "x"]], "This tag has no key"],
    ["a long key", [["k".repeat(129), ""]], "at most 128"],
    ["a long value", [["k", "v".repeat(257)]], "at most 256"],
    ["a sign that is not allowed", [["k", "a\u0000b"]], "Tags take letters"],
    ["a reserved key", [["AWS:x", ""]], "reserved"],
    [
      "a key twice",
      [
        ["k", "1"],
        ["k", "2"],
      ],
      "Each key stands once",
    ],
    ["too many", Array.from({ length: 51 }, (_, n): [string, string] => [`k${n}`, ""]), "at most 50 tags"],
  ])("%s is refused before the engine hears of it", async (what, tags, words) => {
    const { status, text } = await send("/tags", rows(tags, await fingerprint()));
    expect(status).toBe(400);
    if (what !== "a sign that is not allowed") expect(text).toContain(words);
    expect(await storage.getBucketTags(at())).toEqual([]);
  });

  test("the longest are taken, 50 of them", async () => {
    const tags = Array.from({ length: 50 }, (_, n): [string, string] => [
      String(n).padEnd(128, "ç"),
      "v".repeat(256),
    ]);
    expect(await flashAfter("/tags", rows(tags, await fingerprint()))).toContain("50 tags");
    expect(await storage.getBucketTags(at())).toHaveLength(50);
    expect((await see("/tags")).text).not.toContain("More rows");
  });

  test("of two who save at once exactly one wins, and the other's words are still there", async () => {
    const seen = await fingerprint();
    const answers = await Promise.all(["a", "b"].map((key) => send("/tags", rows([[key, "typed"]], seen))));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 409]);
    expect(answers.find(({ status }) => status === 409)?.text).toContain('value="typed"');
    expect(await storage.getBucketTags(at())).toHaveLength(1);
  });
});

describe("quota", () => {
  const fingerprint = async () => hidden(await see("/quota"));

  test("is set in units as people write numbers, kept by the engine, and lifted", async () => {
    const set = { fingerprint: await fingerprint(), size: "1,5", sizeUnit: "GiB", objects: "1.000" };
    expect(await flashAfter("/quota", set)).toContain("The quota was saved.");
    expect(await quotaOf()).toEqual({ maxSizeBytes: (3n * 1024n ** 3n) / 2n, maxObjects: 1_000n });
    const form = await see("/quota");
    expect(form.text).toMatch(/name="size"[^>]*value="1536"/);
    expect(form.text).toMatch(/<option value="MiB" selected="">/);

    const pt = { "Accept-Language": "pt-BR" };
    const inPortuguese = { fingerprint: hidden(form), size: "1.024", sizeUnit: "KiB" };
    await owner.post(`${bucket.page}/quota`, inPortuguese, { ...pt });
    const kept = (await quotaOf()).maxSizeBytes;
    expect([1_024n * 1_024n, 2_048n]).toContain(kept);

    expect(await flashAfter("/quota", { fingerprint: await fingerprint(), sizeUnit: "GiB" })).toContain(
      "no quota of its own",
    );
    expect(await quotaOf()).toEqual({ maxSizeBytes: null, maxObjects: null });
  });

  test("what the engine rounds up is said", async () => {
    const fields = { fingerprint: await fingerprint(), size: "1.3", sizeUnit: "MiB" };
    expect(await flashAfter("/quota", fields)).toContain("1,363,968 bytes");
    expect(await quotaOf()).toEqual({ maxSizeBytes: 1_332n * 1_024n, maxObjects: null });
  });

  test.each([
    [{ size: "0" }, "Enter an amount"],
    [{ size: "much" }, "Enter an amount"],
    [{ size: "-1" }, "Enter an amount"],
    [{ size: "99999999999", sizeUnit: "TiB" }, "Enter an amount"],
    [{ objects: "1.5" }, "Enter a whole number"],
    [{ objects: "0" }, "Enter a whole number"],
    [{ size: "1", sizeUnit: "GB" }, "Choose one of the options"],
  ])("%j is refused before the engine hears of it", async (fields, words) => {
    const { status, text } = await send("/quota", {
      sizeUnit: "GiB",
      ...fields,
      fingerprint: await fingerprint(),
    });
    expect([status, text.includes(words)]).toEqual([400, true]);
    expect(await events()).toEqual([]);
  });

  test("less than what is there must be confirmed, and then new objects are refused", async () => {
    const s3 = engine.client(ours.managementKey);
    await s3.put(bucket.name, "a", "x".repeat(5_000));
    const fields = { fingerprint: await fingerprint(), size: "1", sizeUnit: "KiB" };
    const refused = await send("/quota", fields);
    expect(refused.status).toBe(400);
    for (const words of [
      "There is more in the bucket",
      "Every upload to this bucket is then refused",
      'name="acceptsBelowUse"',
    ])
      expect(refused.text).toContain(words);
    expect(await quotaOf()).toEqual({ maxSizeBytes: null, maxObjects: null });
    await flashAfter("/quota", { ...fields, acceptsBelowUse: "on" });
    expect(await quotaOf()).toEqual({ maxSizeBytes: 1_024n, maxObjects: null });
    await expect(s3.put(bucket.name, "b")).rejects.toMatchObject({ name: "QuotaExceeded" });
  });

  test("of two who save at once exactly one wins", async () => {
    const seen = await fingerprint();
    const answers = await Promise.all(
      ["5", "6"].map((objects) => send("/quota", { fingerprint: seen, sizeUnit: "GiB", objects })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 409]);
  });
});

describe("direct uploads", () => {
  const allowed = () => areDirectUploadsAllowed(ours.owner, bucket.id);

  test("are allowed by a rule before all others, and ended with the others untouched", async () => {
    await storage.setCors({ ...at(), rules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }, site] });
    expect(await allowed()).toBe(false);
    expect((await see("/direct-uploads")).text).toContain("http://localhost:3000");
    expect(await flashAfter("/direct-uploads", {})).toContain("straight from your browser");
    await send("/direct-uploads", {});
    expect(await allowed()).toBe(true);
    const [first, ...others] = await storage.getCors(at());
    expect(first).toEqual({
      id: "balde-direct-uploads",
      allowedOrigins: ["http://localhost:3000"],
      allowedMethods: ["PUT"],
      allowedHeaders: ["*"],
      exposeHeaders: ["ETag"],
      maxAgeSeconds: 3_600,
    });
    expect(others).toHaveLength(2);

    // What a browser asks before it sends a part.
    const preflight = await fetch(`${engine.store.endpoint}/${bucket.name}/key?partNumber=1`, {
      method: "OPTIONS",
      headers: {
        Origin: "http://localhost:3000",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
      },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");

    expect((await see("/cors")).text).toContain(`${bucket.page}/direct-uploads`);
    expect((await see("/direct-uploads")).text).toContain("End direct uploads");
    await see("/direct-uploads/ending");
    expect(await flashAfter("/direct-uploads/ending", {})).toContain("console’s server");
    expect(await storage.getCors(at())).toEqual(others);
    expect(await allowed()).toBe(false);
  });

  test.each<[what: string, change: (rule: CorsRule) => CorsRule[]]>([
    ["another site's", (rule) => [{ ...rule, allowedOrigins: ["https://old.example"] }]],
    ["reading", (rule) => [{ ...rule, allowedMethods: ["GET"] }]],
    ["no header", ({ allowedHeaders: _, ...rule }) => [rule]],
    ["no checksum", ({ exposeHeaders: _, ...rule }) => [rule]],
    ["the second to fit", (rule) => [{ allowedOrigins: ["http://*:3000"], allowedMethods: ["PUT"] }, rule]],
  ])("a rule by that name that is %s does not count", async (_what, change) => {
    await send("/direct-uploads", {});
    const [rule] = await storage.getCors(at());
    if (rule) await storage.setCors({ ...at(), rules: change(rule) });
    expect(await allowed()).toBe(false);
    await send("/direct-uploads", {});
    expect(await allowed()).toBe(true);
  });
});

describe("who may", () => {
  const forms = [
    "/versioning",
    "/cors/new",
    "/cors/rule?position=1",
    "/cors/rule/deletion?position=1",
    "/tags",
    "/quota",
    "/direct-uploads",
    "/direct-uploads/ending",
  ];

  test("a developer reads and changes nothing", async () => {
    await storage.setCors({ ...at(), rules: [site] });
    const { text } = await see("/settings", developer);
    expect(text).not.toContain(`${bucket.page}/versioning`);
    expect(text).toContain(`${bucket.page}/cors`);
    expect((await see("/cors", developer)).text).not.toContain("Add rule");
    for (const path of forms) {
      expect([path, (await developer.get(bucket.page + path)).status]).toEqual([path, 403]);
      expect([path, (await send(path, { versioning: "enabled" }, developer)).status]).toEqual([path, 403]);
    }
    expect(await storage.getVersioning(at())).toBe("unset");
    expect(await storage.getCors(at())).toEqual([site]);
  });

  test("another tenant's bucket is not there, in one's own account neither", async () => {
    const theirs = bucket.page.replace(ours.account.slug, "conta-deles");
    const [membership] = await queryAsOwner<{ slug: string }>(
      "SELECT slug FROM account WHERE id <> $1 ORDER BY slug LIMIT 1",
      [ours.account.id],
    );
    const borrowed = `/accounts/${membership?.slug}/buckets/${bucket.id}`;
    for (const path of ["/settings", "/cors", ...forms]) {
      for (const page of [bucket.page, theirs, borrowed]) {
        expect([page + path, (await stranger.get(page + path)).status]).toEqual([page + path, 404]);
        expect((await stranger.post(page + path, { versioning: "enabled" })).status).toBeGreaterThanOrEqual(
          400,
        );
      }
    }
    expect(await storage.getVersioning(at())).toBe("unset");
  });

  test("a suspended account's settings are shown and not changed", async () => {
    const setState = (state: string) =>
      queryAsOwner("UPDATE account SET state = $2::account_state WHERE id = $1", [ours.account.id, state]);
    await setState("suspended");
    try {
      expect((await see("/settings")).text).not.toContain("Change versioning");
      expect((await send("/versioning", { versioning: "enabled" })).status).toBe(422);
    } finally {
      await setState("active");
    }
    expect(await storage.getVersioning(at())).toBe("unset");
  });

  test("a bucket that is being deleted is left alone", async () => {
    await queryAsOwner("UPDATE bucket SET state = 'deleting' WHERE id = $1", [bucket.id]);
    expect((await see("/settings")).status).toBe(422);
    expect((await send("/versioning", { versioning: "enabled" })).status).toBe(422);
    expect(await storage.getVersioning(at())).toBe("unset");
  });
});

test("while somebody else changes its settings one is told to wait, and not for long", async () => {
  await queryAsOwner("UPDATE bucket SET settings_busy_until = now() + interval '15 seconds' WHERE id = $1", [
    bucket.id,
  ]);
  expect((await send("/cors/new", { origins: "*", methods: "GET" })).status).toBe(409);
  await queryAsOwner("UPDATE bucket SET settings_busy_until = now() - interval '1 second' WHERE id = $1", [
    bucket.id,
  ]);
  expect((await send("/cors/new", { origins: "*", methods: "GET" })).status).toBe(302);
  expect((await send("/cors/new", { origins: "*", methods: "GET" })).status).toBe(302);
});

describe("while the engine hangs", () => {
  test("each page comes, says what is not known, keeps what was typed, and nothing is changed", async () => {
    const tags = hidden(await see("/tags"));
    process.kill(engine.store.pid(), "SIGSTOP");
    try {
      for (const path of [
        "/settings",
        "/versioning",
        "/cors",
        "/cors/rule?position=1",
        "/cors/rule/deletion?position=1",
        "/tags",
        "/quota",
        "/direct-uploads",
      ]) {
        const startedAt = performance.now();
        const { status, text } = await see(path);
        expect([path, status]).toEqual([path, 200]);
        expect(performance.now() - startedAt).toBeLessThan(3_000);
        expect(text).toContain("Not known now: the storage did not answer");
      }
      const rule = await send("/cors/new", { origins: "https://typed.example", methods: "GET" });
      expect(rule.status).toBe(503);
      expect(rule.text).toContain("https://typed.example</textarea>");
      const tag = await send("/tags", { fingerprint: tags, "tags[0].key": "typed" });
      expect([tag.status, tag.text.includes('value="typed"')]).toEqual([503, true]);
      expect((await send("/versioning", { versioning: "enabled" })).status).toBe(503);
    } finally {
      process.kill(engine.store.pid(), "SIGCONT");
    }
    await expect
      .poll(async () => (await see("/settings")).text, { timeout: 8_000 })
      .not.toContain("Not known");
    expect(await storage.getCors(at())).toEqual([]);
    expect(await storage.getBucketTags(at())).toEqual([]);
    expect(await storage.getVersioning(at())).toBe("unset");
  });
});
