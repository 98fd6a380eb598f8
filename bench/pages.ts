// What pages cost in a small and in a large installation, beside an answer with nothing in it from the same server:
// npm run bench:pages
import { readFile } from "node:fs/promises";
import { closeOwnerPool } from "#tests/support/database.ts";
import {
  bornAt,
  idOf,
  large,
  loadVolume,
  meteredMonth,
  small,
  type Volume,
  type VolumeKind,
} from "#tests/support/volume.ts";
import { startWebServer, type WebServer } from "#tests/support/web-server.ts";
import { startBenchDatabase } from "./database.ts";
import { printTable, type Timings, timed, timingsOf } from "./figures.ts";

const runs = 100;
const warmUps = 10;
/** Of Linux: what /proc counts a process's time in. */
const msPerTick = 10;

/** Less of what the pages do not list, to be loaded within a minute. */
const volumes: Volume[] = [
  small,
  { ...large, meteredAccounts: 10, meteredHours: small.meteredHours, auditEvents: small.auditEvents },
];

interface Page {
  name: string;
  /** Staff's pages are asked for by an operator, the others by an account's owner. */
  path: (volume: Volume) => string;
}

const account = "/accounts/conta-1";
const pages: Page[] = [
  { name: "an answer with nothing in it", path: () => "/healthz" },
  { name: "sign-in form", path: () => "/login" },
  { name: "accounts", path: () => "/admin/accounts" },
  { name: "accounts, middle", path: ({ accounts }) => `/admin/accounts?${after("account", accounts / 2)}` },
  { name: "accounts, a common word", path: () => "/admin/accounts?q=padaria" },
  { name: "accounts, a rare word", path: () => "/admin/accounts?q=zimmermann" },
  { name: "users", path: () => "/admin/users" },
  { name: "mail", path: () => "/admin/mail" },
  { name: "mail, middle", path: ({ emails }) => `/admin/mail?${after("email", emails / 2)}` },
  { name: "notifications", path: () => "/notifications" },
  { name: "members", path: () => `${account}/members` },
  { name: "buckets", path: () => `${account}/buckets` },
  { name: "buckets, middle", path: ({ buckets }) => `${account}/buckets?${after("bucket", buckets / 2)}` },
  { name: "buckets, how they begin", path: () => `${account}/buckets?q=fotos` },
  { name: "access keys", path: () => `${account}/access-keys` },
  {
    name: "access keys, middle",
    path: ({ accessKeys }) => `${account}/access-keys?${after("key", accessKeys / 2)}`,
  },
  { name: "findings of all accounts", path: () => "/admin/reconciliation" },
  {
    name: "findings of all accounts, middle",
    path: ({ findings }) => `/admin/reconciliation?${after("finding", findings / 2)}`,
  },
  { name: "findings of one account", path: () => `${account}/reconciliation` },
  { name: "usage of a month", path: () => `${account}/usage?month=${meteredMonth}` },
];

function after(kind: VolumeKind, n: number): string {
  return new URLSearchParams({ after: `${bornAt(n).toISOString()}_${idOf(kind, n)}` }).toString();
}

/** Latency at the client, and the server's own CPU for one request, which leaves PostgreSQL's out. */
interface PageCost extends Timings {
  cpu: number;
}

async function main(): Promise<void> {
  const database = await startBenchDatabase(5);
  try {
    const server = await startWebServer({ LOG_LEVEL: "info" });
    try {
      const costs: PageCost[][] = [];
      for (const volume of volumes) costs.push(await measureAll(server, database.superuserUrl, volume));
      print(costs);
    } finally {
      await server.stop();
      await closeOwnerPool();
    }
  } finally {
    await database.stop();
  }
}

async function measureAll(server: WebServer, superuserUrl: string, volume: Volume): Promise<PageCost[]> {
  const loading = await timed(() => loadVolume(superuserUrl, volume));
  console.log(`${volume.accounts} accounts loaded in ${Math.round(loading / 1000)} s`);
  const { makeUser, signIn } = await import("#tests/support/scenario.ts");
  const operator = await signIn(await makeUser({ providerRole: "operator" }));
  const owner = await signIn({ id: idOf("user", 1), email: "" });
  const costs: PageCost[] = [];
  for (const { path } of pages) {
    const address = path(volume);
    costs.push(await measure(server, address, address.startsWith("/admin") ? operator : owner));
  }
  return costs;
}

async function measure(server: WebServer, path: string, cookie: string): Promise<PageCost> {
  // Who has signed in is sent away from the form.
  const headers: HeadersInit = path === "/login" ? {} : { Cookie: cookie.split(";")[0] ?? "" };
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers, redirect: "manual" });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  };
  for (let run = 0; run < warmUps; run++) await ask();
  const cpuBefore = await cpuOf(server.pid);
  const milliseconds: number[] = [];
  for (let run = 0; run < runs; run++) milliseconds.push(await timed(ask));
  return { ...timingsOf(milliseconds), cpu: ((await cpuOf(server.pid)) - cpuBefore) / runs };
}

/** Milliseconds of CPU that a process has used: the 14th and 15th field of /proc/…/stat. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

function print([atSmall = [], atLarge = []]: PageCost[][]): void {
  console.log(
    `\n${volumes.map(({ accounts, buckets }) => `${accounts} accounts, ${buckets} buckets of one`).join(" → ")}; ms\n`,
  );
  const bare = atLarge[0];
  printTable(
    ["", "median", "p99", "CPU", "→ median", "p99", "CPU", "× small", "× nothing"],
    pages.map(({ name }, index) => {
      const [before, then] = [atSmall[index], atLarge[index]];
      if (!before || !then || !bare) throw new Error(`${name} was not measured`);
      return [
        name,
        ...[before.median, before.p99, before.cpu, then.median, then.p99, then.cpu],
        then.median / before.median,
        then.cpu / bare.cpu,
      ];
    }),
  );
}

await main();
