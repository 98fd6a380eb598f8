// What the design says of the layout, held by reading the sources. biome.json has the same rules for the
// editor, folder by folder; here stand those that need to know what is only a type, or who writes what.
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, resolve } from "node:path";
import { promisify } from "node:util";
import type { RouteConfigEntry } from "@react-router/dev/routes";
import { describe, expect, test } from "vitest";
import { domainErrorCodes } from "#app/domain/errors.ts";
import enErrors from "#app/locales/en/errors.json" with { type: "json" };
import enValidation from "#app/locales/en/validation.json" with { type: "json" };
import ptErrors from "#app/locales/pt-BR/errors.json" with { type: "json" };
import ptValidation from "#app/locales/pt-BR/validation.json" with { type: "json" };
import routeConfig from "#app/routes.ts";

// --- The sources, and what each imports --------------------------------------------------------------------

interface Import {
  from: string;
  /** A path from the repository's root, `app/domain/command.ts`, or a package's name. */
  to: string;
  /** Gone when the code runs. */
  isType: boolean;
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file);
const sources = globSync("{app,embedded}/**/*.{ts,tsx}")
  .filter((file) => !isTest(file) && !file.startsWith("app/generated/"))
  .sort();
const textOf = new Map(sources.map((file) => [file, readFileSync(file, "utf8")]));
const imports: Import[] = sources.flatMap((file) => importsOf(file, textOf.get(file) ?? ""));

function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;"]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map(([, type, from, bare, dynamic]) => ({
    from: file,
    to: resolved(file, from ?? bare ?? dynamic ?? ""),
    isType: type !== undefined,
  }));
}

function resolved(file: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1);
  return specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier;
}

const inArea = (area: string) => sources.filter((file) => file.startsWith(`app/${area}/`));
const isOurs = (path: string) => /^(app|embedded|tests|scripts|prisma)\//.test(path);
const show = ({ from, to, isType }: Import) => `${from} → ${isType ? "type of " : ""}${to}`;

// --- Who may import whom ------------------------------------------------------------------------------------

interface Rule {
  /** Besides its own area. */
  values: RegExp[];
  /** Only in types: nothing of it is there when the code runs. */
  types?: RegExp[];
  /** Packages that another area is for. */
  packages?: RegExp;
}

const domainForPages =
  /^app\/domain\/([\w-]+\/)*[\w-]*(schema|states|kinds|roles|document|bucket-name|object-name|share-hours|part-size|cors-origin|paging|time-zone)\.ts$/;
const serverPackages = /^(pg|pg-boss|@prisma\/|@aws-sdk\/|nodemailer|zod$|node:)/;

/**
 * The design's table. Beyond it, and why:
 * - routes, http and domain know which languages there are (locales/index.ts);
 * - jobs and http write to the log, jobs queue (ports/jobs, ports/queues);
 * - http hands pages what ui/ says it wants to be handed (types), and translates (locales/);
 * - the domain's types name the database's enums and rows; command.ts alone knows its error class;
 * - ui names the types that the domain answers with.
 */
const rules: Record<string, Rule> = {
  routes: {
    values: [/^app\/(domain|http|ui)\//, /^app\/locales\/index\.ts$/, /\+types\//],
    packages: serverPackages,
  },
  jobs: {
    values: [/^app\/domain\//, /^app\/ports\/(jobs|logger)\.server\.ts$/, /^app\/ports\/queues\.ts$/],
    packages: /^(react|pg|pg-boss|@prisma\/|@aws-sdk\/|nodemailer)/,
  },
  http: {
    values: [/^app\/domain\//, /^app\/locales\//, /^app\/ports\/(env|logger)\.server\.ts$/],
    types: [/^app\/ui\//],
    packages: /^(react$|react-dom|pg|pg-boss|@prisma\/|@aws-sdk\/|nodemailer)/,
  },
  domain: {
    values: [/^app\/ports\//, /^app\/emails\/render\.ts$/, /^app\/locales\/index\.ts$/],
    types: [/^app\/generated\/prisma\//],
    packages: /^(react|react-router|express|pg|pg-boss|@prisma\/|@aws-sdk\/|nodemailer|i18next)/,
  },
  ports: { values: [/^app\/generated\/prisma\/client\.ts$/], packages: /^(react|react-router|express)/ },
  emails: { values: [/^app\/locales\//], packages: /^(react|pg|@prisma\/|nodemailer)/ },
  locales: { values: [] },
  ui: {
    values: [/^app\/locales\//, domainForPages],
    types: [/^app\/domain\//],
    packages: serverPackages,
  },
};
/** The one value of the generated client outside ports: the error that a violated unique index throws. */
const exceptions = ["app/domain/command.ts → app/generated/prisma/client.ts"];

describe("imports", () => {
  test("are read", () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(imports).toContainEqual({
      from: "app/domain/command.ts",
      to: "app/domain/audit/record-event.ts",
      isType: false,
    });
    expect(Object.keys(rules).sort()).toEqual(
      [
        ...new Set(
          sources.map((file) => /^app\/([\w-]+)\//.exec(file)?.[1]).filter((area) => area !== undefined),
        ),
      ].sort(),
    );
  });

  test.each(Object.entries(rules))("%s: only what it may", (area, { values, types = [], packages }) => {
    const wrong = imports.filter(({ from, to, isType }) => {
      if (!from.startsWith(`app/${area}/`)) return false;
      if (!isOurs(to)) return packages?.test(to) === true && !isType;
      if (to.startsWith(`app/${area}/`)) return false;
      return ![...values, ...(isType ? types : [])].some((allowed) => allowed.test(to));
    });
    expect(wrong.map(show).filter((line) => !exceptions.includes(line))).toEqual([]);
  });

  test("the application and the stand-ins know nothing of each other, nor of the tests", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (from.startsWith("app/") && /^(embedded|scripts|tests)\//.test(to)) ||
        (from.startsWith("embedded/") && /^(app|scripts)\//.test(to)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test("a schema knows Zod and other schemas: a browser may be given what it is made of", () => {
    const wrong = imports.filter(
      ({ from, to, isType }) =>
        /^app\/domain\/([\w-]+\/)+schema\.ts$/.test(from) &&
        !isType &&
        to !== "zod" &&
        !domainForPages.test(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test("across areas they are written from the root, and always name the file's ending", () => {
    const wrong = sources.flatMap((file) =>
      [...(textOf.get(file) ?? "").matchAll(/\bfrom\s+"((?:\.|#)[^"]+)"/g)]
        .map(([, specifier = ""]) => specifier)
        .filter((specifier) => {
          if (specifier.includes("+types/") || specifier.endsWith(".css")) return false;
          const leaves = specifier.startsWith("..") && areaOf(resolved(file, specifier)) !== areaOf(file);
          return leaves || !/\.(ts|tsx|json)$/.test(specifier);
        })
        .map((specifier) => `${file}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test("go in no circle, file by file", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, isType } of imports)
      if (!isType && isOurs(to)) graph.set(from, [...(graph.get(from) ?? []), to]);
    expect(circlesOf(graph)).toEqual([]);
  });

  test("go in no circle, module by module of the domain", () => {
    const moduleOf = (file: string) => /^app\/domain\/([\w-]+)\//.exec(file)?.[1];
    const graph = new Map<string, string[]>();
    for (const { from, to, isType } of imports) {
      const [a, b] = [moduleOf(from), moduleOf(to)];
      if (!isType && a && b && a !== b) graph.set(a, [...new Set([...(graph.get(a) ?? []), b])]);
    }
    expect(circlesOf(graph)).toEqual([]);
  });
});

function areaOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

/** Each circle of the graph once, as the path around it. */
function circlesOf(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (node: string, path: string[]) => {
    const at = path.indexOf(node);
    if (at >= 0) circles.push([...path.slice(at), node].join(" → "));
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

test("biome.json refuses the same, so that an editor shows it", async () => {
  const offences: [file: string, specifier: string][] = [
    ["app/routes/x.tsx", "#app/ports/db.server.ts"],
    ["app/routes/y.tsx", "zod"],
    ["app/jobs/x.ts", "#app/http/context.ts"],
    ["app/jobs/y.ts", "#app/ports/db.server.ts"],
    ["app/http/x.ts", "#app/ports/db.server.ts"],
    ["app/http/y.ts", "#app/routes/home.tsx"],
    ["app/domain/x.ts", "#app/http/context.ts"],
    ["app/domain/y.ts", "react-router"],
    ["app/ports/x.ts", "#app/domain/command.ts"],
    ["app/ui/x.tsx", "#app/ports/env.server.ts"],
    ["app/ui/y.tsx", "#app/http/context.ts"],
    ["app/emails/x.ts", "#app/ports/env.server.ts"],
    ["app/ui/z.tsx", "#embedded/mailbox/web.ts"],
    ["embedded/x.ts", "#app/ports/db.server.ts"],
  ];
  const innocent: typeof offences = [
    ["app/routes/ok.tsx", "#app/domain/command.ts"],
    ["app/jobs/ok.ts", "#app/ports/jobs.server.ts"],
    ["app/http/ok.ts", "#app/ports/env.server.ts"],
    ["app/domain/ok.ts", "#app/ports/db.server.ts"],
    ["app/routes/ok.test.ts", "#app/ports/db.server.ts"],
  ];
  const directory = await mkdtemp(join(tmpdir(), "balde-imports-"));
  try {
    await cp("biome.json", join(directory, "biome.json"));
    await symlink(resolve("node_modules"), join(directory, "node_modules"));
    for (const [file, specifier] of [...offences, ...innocent]) {
      await mkdir(dirname(join(directory, file)), { recursive: true });
      await writeFile(join(directory, file), `import { a } from "${specifier}";\n\na();\n`);
    }
    await writeFile(
      join(directory, "app/one.ts"),
      'import { two } from "./two.ts";\n\nexport const one = () => two();\n',
    );
    await writeFile(
      join(directory, "app/two.ts"),
      'import { one } from "./one.ts";\n\nexport const two = () => one();\n',
    );
    const biome = resolve("node_modules/.bin/biome");
    const { stdout, stderr } = await promisify(execFile)(biome, ["lint", "--max-diagnostics=none"], {
      cwd: directory,
    }).catch((error: { stdout: string; stderr: string }) => error);
    const flagged = (rule: string) =>
      [...`${stdout}${stderr}`.matchAll(new RegExp(`^(\\S+?):\\d+:\\d+ lint/\\w+/${rule}`, "gm"))]
        .map(([, file]) => file)
        .sort();
    expect(flagged("noRestrictedImports")).toEqual(offences.map(([file]) => file).sort());
    expect(flagged("noImportCycles")).toEqual(["app/one.ts", "app/two.ts"]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

// --- Who writes -----------------------------------------------------------------------------------------------

/** Model → the module that `prisma/schema.prisma` says writes it, and its table. */
const models = [
  ...readFileSync("prisma/schema.prisma", "utf8").matchAll(
    /((?:^\/\/\/.*\n)*)^model (\w+) \{\n([\s\S]*?)^\}/gm,
  ),
].map(([, comment = "", name = "", body = ""]) => ({
  name: name.charAt(0).toLowerCase() + name.slice(1),
  module: /Written\s+by\s+domain\/([\w-]+)/.exec(comment.replaceAll("///", ""))?.[1],
  table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
}));

describe("writing", () => {
  const verbs =
    "create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany";
  const writes = sources.flatMap((file) => {
    const text = textOf.get(file) ?? "";
    const byClient = [...text.matchAll(new RegExp(`\\b(\\w+)\\.(\\w+)\\.(?:${verbs})\\(`, "g"))].flatMap(
      ([, handle, name]) =>
        models.filter((model) => model.name === name).map((model) => ({ file, handle, model })),
    );
    const bySql = [...text.matchAll(/\b(?:INSERT INTO|DELETE FROM|UPDATE)\s+"?(\w+)"?\s/g)].flatMap(
      ([, table]) =>
        models.filter((model) => model.table === table).map((model) => ({ file, handle: "sql", model })),
    );
    return [...byClient, ...bySql];
  });

  test("every model is written by one module, the one that the schema names", () => {
    expect(models.length).toBeGreaterThan(15);
    expect(models.filter(({ module }) => module === undefined)).toEqual([]);
    expect(writes.length).toBeGreaterThan(20);
    const elsewhere = writes
      .filter(
        ({ file, model }) => !file.startsWith("embedded/") && !file.startsWith(`app/domain/${model.module}/`),
      )
      .map(({ file, model }) => `${file} writes ${model.name} of ${model.module}`);
    expect(elsewhere).toEqual([]);
  });

  /** Writes that no person asked for or decides on, so that no command audits them. */
  const outsideCommands: Record<string, string> = {
    "app/domain/identity/sessions/sessions.ts": "notes when a session was last used",
    "app/domain/identity/staff/setup-token.ts": "mints the start's link, from the server's own shell",
    "app/domain/identity/sign-up/mint-sign-up-token.ts": "mints a link at the moment that its mail is sent",
    "app/domain/identity/providers/spend-state.ts": "notes that a provider's answer was taken",
    "app/domain/identity/drafts/form-drafts.ts": "keeps what somebody typed and could not send",
    "app/domain/identity/purge-expired.ts": "removes what can no longer be used",
    "app/domain/invitations/purge-invitations.ts": "removes what nobody needs any more",
    "app/domain/notifications/purge-notifications.ts": "removes what nobody needs any more",
    "app/domain/mail/deliver-email.ts": "notes what the mail server said",
    "app/domain/mail/purge-mail.ts": "removes mail that came to its end a month ago",
    "app/domain/audit/personal-values.ts": "removes what the law lets nobody keep",
    "app/domain/audit/seal-events.ts": "seals the log itself",
    "app/domain/accounts/provision-account.ts": "notes what the engine said",
    "app/domain/buckets/attempt-at-engine.ts": "notes what the engine said",
    "app/domain/buckets/settings-lease.ts": "gives back the lease that a command took",
    "app/domain/emptying/progress.ts": "notes how far a job is",
    "app/domain/surveys/run-survey.ts": "notes how far a count is",
    "app/domain/surveys/purge-surveys.ts": "removes what nobody needs any more",
    "app/domain/access-keys/revoke-access-key.ts": "notes what the engine said",
    "app/domain/access-keys/settle-access-keys.ts": "notes that the engine was told to forget a key",
    "app/domain/access-keys/switch-access-key.ts": "notes what the engine said",
    "app/domain/accounts/object-key.ts": "makes a key of the console's own when it is first needed",
    "app/domain/accounts/management-secrets.ts": "encrypts anew, from the server's own shell",
    "app/domain/identity/second-factor/second-factor-secrets.ts":
      "encrypts anew, from the server's own shell",
    "app/domain/identity/second-factor/verify-second-factor.ts":
      "counts codes, and ends a sign-in, where a refusal rolls back",
    "app/domain/reconciliation/note-check.ts": "notes when an account was compared with the engine",
    "app/domain/reconciliation/note-problem.ts": "notes what the engine said",
    "app/domain/reconciliation/runs.ts": "notes how far a run is",
    "app/domain/usage/note-failure.ts": "notes what the engine said",
    "app/domain/usage/record-usage.ts": "adds to the records of usage, which are a log of their own",
  };

  test("goes through a command, but for what no person asked for", () => {
    const around = sources.filter(
      (file) =>
        file.startsWith("app/") &&
        file !== "app/domain/command.ts" &&
        new RegExp(
          `\\bdb\\.\\w+\\.(?:${verbs})\\(|\\bdb\\.\\$(?:transaction|executeRaw)|\\bdb\\.\\$executeRawUnsafe`,
        ).test(textOf.get(file) ?? ""),
    );
    expect(around).toEqual(
      Object.keys(outsideCommands)
        .filter((file) => textOf.has(file))
        .sort(),
    );
  });

  test("only command.ts writes to the audit log", () => {
    const writers = imports.filter(({ to, isType }) => to === "app/domain/audit/record-event.ts" && !isType);
    expect(writers.map(({ from }) => from)).toEqual(["app/domain/command.ts"]);
  });

  test("1.2.4: no SQL is put together from text", () => {
    const unsafe = sources.filter(
      (file) => file.startsWith("app/") && /\$(query|execute)RawUnsafe/.test(textOf.get(file) ?? ""),
    );
    expect(unsafe).toEqual([]);
  });
});

// --- Routes ---------------------------------------------------------------------------------------------------

const routeEntries: RouteConfigEntry[] = routeConfig;

describe("routes", () => {
  interface Leaf {
    path: string;
    file: string;
    /** Names in the `middleware` of each route around it and of itself, outermost first. */
    guards: string[];
  }
  const guardsOf = (file: string) => {
    const [, list = ""] =
      /export const middleware[^=]*=\s*\[([^\]]*)\]/.exec(textOf.get(`app/${file}`) ?? "") ?? [];
    return list
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
  };
  const walk = (entries: RouteConfigEntry[], base: string, around: string[]): Leaf[] =>
    entries.flatMap((entry) => {
      const path = [base, entry.path].filter(Boolean).join("/");
      const guards = [...around, ...guardsOf(entry.file)];
      return entry.children?.length
        ? walk(entry.children, path, guards)
        : [{ path: `/${path}`, file: `app/${entry.file}`, guards }];
    });
  const leaves = walk(routeEntries, "", []);
  const found = (pattern: RegExp) => leaves.filter(({ path }) => pattern.test(path));
  const without = (pattern: RegExp, guards: string[]) =>
    found(pattern)
      .filter((leaf) => leaf.guards.slice(0, guards.length).join() !== guards.join())
      .map(({ path, guards }) => `${path}: ${guards.join()}`);

  test("all stand under the language, the request and the visit, in this order", () => {
    const [, list = ""] =
      /export const middleware[^=]*=\s*\[([^\]]*)\]/.exec(textOf.get("app/root.tsx") ?? "") ?? [];
    expect(list.replace(/\s/g, "")).toBe("i18nMiddleware,requestMiddleware,visitMiddleware");
  });

  test.each<[string, RegExp, string[]]>([
    ["an account's pages", /^\/accounts\/:account/, ["signedInMiddleware", "tenantMiddleware"]],
    ["an account's resources", /^\/api\/accounts\/:account/, ["signedInMiddleware", "tenantMiddleware"]],
    ["a person's pages", /^\/(accounts(\/new)?|notifications(\/.*)?|me(\/.*)?)$/, ["signedInMiddleware"]],
    ["the provider's pages", /^\/admin/, ["signedInMiddleware", "staffMiddleware"]],
    [
      "the provider's pages about an account",
      /^\/admin\/accounts\/:account/,
      ["signedInMiddleware", "staffMiddleware", "staffTenantMiddleware"],
    ],
    ["the provider's resources", /^\/api\/admin\//, ["signedInMiddleware", "staffMiddleware"]],
    [
      "the provider's resources about an account",
      /^\/api\/admin\/accounts\/:account/,
      ["signedInMiddleware", "staffMiddleware", "staffTenantMiddleware"],
    ],
    ["every other resource", /^\/api\/(?!\*)/, ["signedInMiddleware"]],
  ])("%s stand under their middleware", (_, pattern, guards) => {
    expect(found(pattern).length).toBeGreaterThan(0);
    expect(without(pattern, guards)).toEqual([]);
  });

  test("a guarded page has a loader: without one, a navigation in the browser goes past its middleware", () => {
    const unguarded = leaves
      .filter(
        ({ guards, file }) =>
          guards.length > 0 &&
          !/^export (async )?function loader\b|^export const loader\b/m.test(textOf.get(file) ?? ""),
      )
      .filter(({ file }) => /export default/.test(textOf.get(file) ?? ""))
      .map(({ file }) => file);
    expect(unguarded).toEqual([]);
  });

  test("a form that is posted to is a page: what is no page would answer a refusal with JSON", () => {
    const bare = leaves
      .filter(({ path }) => !path.startsWith("/api/"))
      .filter(({ file }) => /^export (async )?function action\b/m.test(textOf.get(file) ?? ""))
      .filter(({ file }) => !/^export default/m.test(textOf.get(file) ?? ""))
      .map(({ file }) => file);
    expect(bare).toEqual([]);
  });

  test("what loads or acts is an address or a layout; other files beside them are parts of pages", () => {
    const used = new Set<string>();
    const collect = (entries: RouteConfigEntry[]) => {
      for (const entry of entries) {
        used.add(`app/${entry.file}`);
        collect(entry.children ?? []);
      }
    };
    collect(routeEntries);
    const unused = inArea("routes")
      .filter((file) =>
        /^export (?:async )?(?:function|const) (?:loader|action|middleware)\b/m.test(textOf.get(file) ?? ""),
      )
      .filter((file) => !used.has(file));
    expect(unused).toEqual([]);
  });
});

test("every module of the domain says what it owns, and what it does not", () => {
  const modules = new Set(inArea("domain").flatMap((file) => /^app\/domain\/[\w-]+\//.exec(file) ?? []));
  expect(modules.size).toBeGreaterThan(7);
  for (const module of modules) {
    const readme = readFileSync(`${module}README.md`, "utf8");
    expect([module, readme]).toEqual([module, expect.stringMatching(/\*\*Owns\*\*.*\*\*Does not own\*\*/s)]);
    // A file that it names is there.
    const named = [...readme.matchAll(/`([\w-]+\.ts)`/g)].map(([, file = ""]) => file);
    const missing = named.filter((file) => !textOf.has(module + file) && !textOf.has(`app/domain/${file}`));
    expect([module, missing]).toEqual([module, []]);
  }
});

// --- Words ----------------------------------------------------------------------------------------------------

describe("words", () => {
  test("there are some for every refusal of the domain, in both languages", () => {
    for (const words of [enErrors, ptErrors])
      expect(domainErrorCodes.filter((code) => !(code in words))).toEqual([]);
  });

  test("every refusal that there are words for is made somewhere", () => {
    const refusals = sources
      .filter((file) => !/errors\.server\.ts$/.test(file))
      .flatMap(
        (file) => (textOf.get(file) ?? "").match(/\b(?:DomainError|super)\([^;]*;|\bcode: "[\w-]+"/g) ?? [],
      );
    expect(domainErrorCodes.filter((code) => !refusals.some((text) => text.includes(`"${code}"`)))).toEqual(
      [],
    );
  });

  test("there are some for every message of a schema, in both languages", () => {
    const messages = sources
      .filter((file) => file.startsWith("app/domain/"))
      .flatMap((file) =>
        [
          // The last argument of a call on a schema, or a key `message` or `error`.
          ...(textOf.get(file) ?? "").matchAll(
            /\.(?:min|max|length|regex|refine|enum|nonempty|int|positive|gt|gte|lt|lte)\((?:[^()"]|\([^()]*\))*,\s*"(\w+)"\)|\bz\.(?:email|uuid|url|number|string|date|int)\("(\w+)"\)|\b(?:message|error):\s*"(\w+)"/g,
          ),
        ].map(([, last, only, named]) => ({ file, message: last ?? only ?? named ?? "" })),
      )
      .filter(({ file }) => /schema\.ts$|paging\.ts$|input-issues\.ts$/.test(file));
    expect(messages.map(({ message }) => message)).toEqual(
      expect.arrayContaining(["passwordTooShort", "email", "document"]),
    );
    for (const words of [enValidation, ptValidation])
      expect(messages.filter(({ message }) => !(message in words))).toEqual([]);
  });
});

// --- Habits ---------------------------------------------------------------------------------------------------

test.each<[string, RegExp, RegExp]>([
  [
    "an inline style, which the Content-Security-Policy refuses",
    /<[a-z][\w-]*\s[^<>]*\bstyle=|\bstyle=\{\{|<style\b/,
    /^app\/(ui|routes|root)/,
  ],
  ["HTML from text", /dangerouslySetInnerHTML/, /^app\//],
  ["console, where the log has request ids and redaction", /\bconsole\.\w+\(/, /^app\//],
  ["process.env, where ports/env has parsed it", /\bprocess\.env\b/, /^app\/(?!ports\/env)/],
])("nobody uses %s", (_, pattern, where) => {
  expect(sources.filter((file) => where.test(file) && pattern.test(textOf.get(file) ?? ""))).toEqual([]);
});
