import { readFile } from "node:fs/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { ProjectName } from "#tests/support/installation.ts";
import { expect, type Person, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";
import { headingOf, statusOf, takeSession } from "./people.ts";
import { clientWith, openTenant } from "./tenants.ts";

const owner = { name: "Clara Chaves", email: "clara@chaveiro.example", password: "sete chaves e um cadeado" };
const bucketName = "copias-do-chaveiro";
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

/** A key as the one page shows it that holds its secret. */
interface ShownKey {
  accessKeyId: string;
  secretAccessKey: string;
}

test("access keys: policy, settings, test, deactivation, rotation", async ({ balde, person }, testInfo) => {
  const claras = await person();
  const { page, check } = claras;
  const main = page.getByRole("main");
  const tenant = await openTenant(claras, await person(), {
    balde,
    project: testInfo.project.name as ProjectName,
    owner,
    accountName: "Chaveiro da Clara",
  });
  await tenant.createBucket(bucketName);
  const keys = `${tenant.home}/access-keys`;
  /** What the storage says to a program with this key. */
  const statusWith = async (key: ShownKey) => {
    const client = clientWith(balde, key);
    const answer = client.send(new ListObjectsV2Command({ Bucket: bucketName }));
    return answer.then(
      () => 200,
      (error) => error.$metadata?.httpStatusCode,
    );
  };
  const mailed = (subject: string) =>
    linkInMailTo(balde.mailbox, owner.email, balde.console, {
      subject: `${subject} na conta Chaveiro da Clara`,
    });
  let first: ShownKey;
  let firstPath = "";

  await test.step("the account's policy says how old keys may get", async () => {
    await page.goto(`${tenant.home}/settings/access-keys`);
    await check();
    await page.getByLabel("Idade máxima em dias").fill("4000");
    await page.getByRole("button", { name: "Salvar" }).click();
    await expect(page.getByLabel("Idade máxima em dias")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Idade máxima em dias").fill("90");
    await page.getByRole("button", { name: "Salvar" }).click();
    await expect(statusOf(claras)).toContainText("chaves novas funcionam por no máximo 90 dias");
    await check();
  });

  await test.step("a key that ends in time, with settings to save for a client", async () => {
    await page.goto(`${keys}/new`);
    await expect(main).toContainText("As chaves podem funcionar por no máximo 90 dias");
    await check();
    await page.getByLabel("Nome", { exact: true }).fill("backup");
    await page.getByLabel("Último dia em que funciona").fill(inDays(60));
    await page.getByRole("button", { name: "Criar chave de acesso" }).click();
    await expect(headingOf(claras)).toHaveText("A chave backup foi criada");
    first = await shownKey(claras);
    await page.getByText("s3cmd", { exact: true }).click();
    await check();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Baixar s3cfg" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("s3cfg");
    const settings = await readFile(await download.path(), "utf8");
    expect(settings).toContain(`access_key = ${first.accessKeyId}`);
    expect(settings).toContain(`secret_key = ${first.secretAccessKey}`);
  });

  await test.step("its connection is tested from the page with its secret, and with a wrong one", async () => {
    await page.getByRole("button", { name: "Testar esta chave agora" }).click();
    await expect(headingOf(claras)).toContainText("Teste de conexão de backup");
    // Not every engine lists buckets for a key, which the test says.
    await expect(main).toContainText(/Tudo o que foi testado funciona|Funciona, mas há algo a verificar/);
    expect(await page.content()).not.toContain(first.secretAccessKey);
    await check();
    await page.getByLabel("Chave secreta").fill("x".repeat(40));
    await page.getByRole("button", { name: "Fazer o teste" }).click();
    await expect(main).toContainText("A conexão falha em: Chave e assinatura");
    await check();
  });

  await test.step("deactivated, it is refused; reactivated, it works with the same secret", async () => {
    await page.goto(keys);
    await check();
    await page.getByRole("link", { name: "backup", exact: true }).click();
    await expect(headingOf(claras)).toContainText("backup");
    await check();
    firstPath = new URL(page.url()).pathname;
    expect(await page.content()).not.toContain(first.secretAccessKey);
    expect(await statusWith(first)).toBe(200);
    await page.getByRole("link", { name: "Desativar" }).click();
    await expect(headingOf(claras)).toHaveText("Desativar backup");
    await check();
    await page.getByRole("button", { name: "Desativar chave" }).click();
    await expect(statusOf(claras)).toContainText("A chave foi desativada");
    await check();
    expect(await statusWith(first)).toBe(403);
    await page.getByRole("link", { name: "Reativar" }).first().click();
    await expect(headingOf(claras)).toHaveText("Reativar backup");
    await check();
    await page.getByRole("button", { name: "Reativar chave" }).click();
    await expect(statusOf(claras)).toContainText("A chave foi reativada");
    expect(await statusWith(first)).toBe(200);
  });

  /** Begins to replace the first key, whose page is open; answers the new one. */
  async function rotate(name: string): Promise<ShownKey> {
    await page.getByRole("link", { name: "Trocar", exact: true }).click();
    await expect(headingOf(claras)).toHaveText("Trocar backup");
    await page.getByLabel("Nome da chave nova").fill(name);
    await page.getByRole("radio", { name: "7 dias" }).check();
    await page.getByRole("button", { name: "Criar a chave nova" }).click();
    await expect(headingOf(claras)).toHaveText(`A chave ${name} foi criada`);
    return shownKey(claras);
  }

  await test.step("replaced, both keys work; the end is put off, and the replacement undone", async () => {
    await page.goto(`${firstPath}/rotation`);
    await check();
    await page.goto(firstPath);
    const second = await rotate("backup novo");
    await check();
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);
    // The mail leads to the page that shows how far it is.
    await page.goto(await mailed("Troca de chave iniciada"));
    await expect(headingOf(claras)).toContainText("Troca de backup");
    await expect(main).toContainText("Em andamento");
    await check();

    await page.getByRole("link", { name: "Prorrogar o prazo" }).click();
    await expect(headingOf(claras)).toHaveText("Prorrogar o prazo de backup");
    await check();
    await page.getByRole("radio", { name: "Mais 7 dias" }).check();
    await page.getByRole("button", { name: "Prorrogar o prazo" }).click();
    await expect(statusOf(claras)).toContainText("O prazo foi prorrogado");

    await page.getByRole("link", { name: "Desfazer a troca" }).click();
    await expect(headingOf(claras)).toHaveText("Desfazer a troca de backup");
    await check();
    await page.getByRole("radio", { name: "Revogar" }).check();
    await page.getByRole("button", { name: "Desfazer a troca" }).click();
    await expect(statusOf(claras)).toContainText("A troca foi desfeita, e a chave nova foi revogada");
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 403]);
    expect(await mailed("Troca de chave desfeita")).toBe(`${balde.console}${firstPath}`);
  });

  await test.step("replaced again and finished, the old key is refused for good", async () => {
    const third = await rotate("backup de vez");
    await page.getByRole("link", { name: "Ver a troca" }).click();
    await page.getByRole("link", { name: "Encerrar a troca" }).click();
    await expect(headingOf(claras)).toHaveText("Encerrar a troca de backup");
    await check();
    await page.getByRole("button", { name: "Revogar a chave antiga" }).click();
    await expect(statusOf(claras)).toContainText("a chave antiga foi revogada");
    await check();
    expect([await statusWith(first), await statusWith(third)]).toEqual([403, 200]);
    await page.goto(await mailed("Troca de chave concluída"));
    await expect(headingOf(claras)).toContainText("backup");
    await page.goto(keys);
    await check();
  });

  await test.step("each step is among the notifications, and leads to its key", async () => {
    await page.goto("/notifications");
    await check();
    for (const [text, times] of [
      [/backup está sendo trocada/, 2],
      [/A troca da chave de acesso backup foi desfeita/, 1],
      [/A chave de acesso backup foi trocada, e a antiga não funciona mais/, 1],
    ] as const)
      await expect(main.getByRole("link", { name: text })).toHaveCount(times);
    await main.getByRole("link", { name: /foi desfeita/ }).click();
    await expect(headingOf(claras)).toContainText("backup");
  });

  await test.step("the same pages in English and dark", async () => {
    const english = await person({ locale: "en-US", colorScheme: "dark" });
    await takeSession(claras, english);
    await english.checkPages([firstPath, `${keys}/new`, `${tenant.home}/settings/access-keys`]);
    await english.page.goto(`${tenant.home}/settings/access-keys`);
    await expect(english.page.getByLabel("Maximum age in days")).toBeVisible();
  });
});

async function shownKey({ page }: Person): Promise<ShownKey> {
  const [secretAccessKey = "", accessKeyId = ""] = await page
    .getByRole("main")
    .locator("code.select-all")
    .allTextContents();
  expect(accessKeyId).toMatch(/^BLD[A-Z0-9]{17}$/);
  return { accessKeyId, secretAccessKey };
}
