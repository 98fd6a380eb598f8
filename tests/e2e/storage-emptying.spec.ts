import pg from "pg";
import { type ProjectName, storeDatabaseUrl } from "#tests/support/installation.ts";
import { putManyObjects } from "#tests/support/many-objects.ts";
import { expect, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";
import { headingOf, statusOf, watched } from "./people.ts";
import { openTenant } from "./tenants.ts";

const owner = { name: "Edu Entulho", email: "edu@entulho.example", password: "cheio hoje e vazio amanhã" };
const bucketName = "cacamba-do-edu";

test("a full bucket is emptied: stopped half-way, and then to its end, and deleted", async ({
  balde,
  person,
}, testInfo) => {
  const edus = await person();
  const { page, check } = edus;
  const main = page.getByRole("main");
  const project = testInfo.project.name as ProjectName;
  const tenant = await openTenant(edus, await person(), {
    balde,
    project,
    owner,
    accountName: "Entulho do Edu",
  });
  const bucket = await tenant.createBucket(bucketName);
  expect((await tenant.post(`${bucket}/versioning`, { versioning: "enabled" })).status()).toBe(302);
  await fill(project);

  await test.step("it cannot be deleted as it is, and the page says what to do", async () => {
    await page.goto(bucket);
    await check();
    await page.getByRole("link", { name: "Excluir", exact: true }).click();
    await expect(page.getByText("Há algo neste bucket")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Esvaziar este bucket" }).click();
    await expect(headingOf(edus)).toHaveText(`Esvaziar ${bucketName}`);
    await check();
    await page.getByLabel("Digite o nome do bucket").fill("outro-bucket");
    await page.getByRole("button", { name: "Esvaziar o bucket" }).click();
    await expect(page.getByLabel("Digite o nome do bucket")).toHaveAttribute("aria-invalid", "true");
  });

  const empty = async () => {
    await page.getByLabel("Digite o nome do bucket").fill(bucketName);
    await page.getByRole("button", { name: "Esvaziar o bucket" }).click();
    await expect(headingOf(edus)).toHaveText(`${bucketName} está sendo esvaziado`);
  };

  await test.step("stopped, it leaves what it has not come to", async () => {
    const box = page.getByRole("checkbox", { name: "Excluir o bucket assim que estiver vazio" });
    if (await box.isChecked()) await box.uncheck();
    await empty();
    await page.getByRole("link", { name: "Interromper" }).click();
    await expect(headingOf(edus)).toHaveText(`Interromper o esvaziamento de ${bucketName}`);
    await page.getByRole("button", { name: "Interromper o esvaziamento" }).click();
    await watched(edus, page.getByText("O esvaziamento foi interrompido"));
    await check();
    expect(await left(project)).toBeGreaterThan(0);
  });

  await test.step("begun again, it shows its progress, goes on by itself, and the bucket is gone in the end", async () => {
    await page.getByRole("checkbox", { name: "Excluir o bucket assim que estiver vazio" }).check();
    await empty();
    await expect(main.getByRole("progressbar")).toBeVisible();
    await check();
    await watched(edus, statusOf(edus).filter({ hasText: `O bucket ${bucketName} foi excluído` }));
    await expect(page).toHaveURL(`${balde.console}${tenant.home}/buckets`);
    expect(await left(project)).toBe(0);
  });

  await test.step("both ends are among the notifications, and mailed", async () => {
    await page.goto("/notifications");
    await expect(main).toContainText(`Esvaziamento do bucket ${bucketName}: interrompido`);
    await expect(main).toContainText(`Esvaziamento do bucket ${bucketName}: vazio`);
    const subject = `Terminou o esvaziamento do bucket ${bucketName}`;
    await page.goto(await linkInMailTo(balde.mailbox, owner.email, balde.console, { subject }));
    await expect(page).toHaveURL(new RegExp(`${tenant.home}/buckets`));
  });
});

/** So many versions and delete markers that an emptying can be stopped before its end. */
async function fill(project: ProjectName): Promise<void> {
  const databaseUrl = await storeDatabaseUrl(project);
  const [bucket] = await query<{ tenant: string }>(
    databaseUrl,
    "SELECT tenant FROM s3.buckets WHERE name = $1",
  );
  const content = { count: 15_000, olderVersions: 1, markerEach: 3 };
  await putManyObjects(databaseUrl, { tenant: bucket?.tenant ?? "", bucket: bucketName, ...content });
}

/** How many versions and delete markers there are. */
async function left(project: ProjectName): Promise<number> {
  const rows = await query<{ count: number }>(
    await storeDatabaseUrl(project),
    `SELECT count(*)::int FROM s3.object_versions v JOIN s3.buckets b ON b.id = v.bucket_id WHERE b.name = $1`,
  );
  return rows[0]?.count ?? 0;
}

async function query<Row extends pg.QueryResultRow>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [bucketName])).rows;
  } finally {
    await client.end();
  }
}
