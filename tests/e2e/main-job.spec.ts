import { randomBytes } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { operatorLink, type ProjectName } from "#tests/support/installation.ts";
import { codeOf } from "#tests/support/second-factor.ts";
import { expect, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";

const operator = {
  name: "Ana Operadora",
  email: "ana@provedor.example",
  password: "quem cuida da casa sou eu",
};
const tenant = { name: "João da Silva", email: "joao@padaria.example", password: "pão quentinho toda manhã" };
const account = { name: "Padaria São João", document: "12.abc.345/01de-35" };
const home = "/accounts/padaria-sao-joao";
const bucketName = "fotos-da-padaria";

test("main job: from the operator's link to a revoked key", async ({ balde, person }, testInfo) => {
  const ana = await person();
  const joao = await person();
  let s3: S3Client;

  await test.step("the one-time link makes the first operator, and dies", async () => {
    const link = await operatorLink(testInfo.project.name as ProjectName);
    await ana.page.goto(link);
    await ana.check();
    await ana.page.getByLabel("Seu nome").fill(operator.name);
    await ana.page.getByLabel("E-mail").fill(operator.email);
    await ana.page.getByLabel("Senha", { exact: true }).fill(operator.password);
    await ana.page.getByRole("button", { name: "Criar operador" }).click();
    await expect(ana.page).toHaveURL(`${balde.console}/me/security/second-factor/new?returnTo=%2Fadmin`);
    await ana.check();
    expect((await ana.page.request.get(link)).status()).toBe(422);
  });

  await test.step("who works for the provider sets up a second factor first, and keeps the codes", async () => {
    const { page, check } = ana;
    const secret = await page.locator("code.select-all").textContent();
    await page.getByLabel("Código do aplicativo").fill(codeOf(secret ?? ""));
    await page.getByRole("button", { name: "Ativar" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Verificação em duas etapas ativada");
    await check();
    const [recoveryCode] = await page.getByRole("main").locator("code").allTextContents();
    await page.getByRole("link", { name: "Já guardei, continuar" }).click();
    await expect(page).toHaveURL(`${balde.console}/admin`);
    await check();

    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByLabel("E-mail").fill(operator.email);
    await page.getByLabel("Senha", { exact: true }).fill(operator.password);
    await page.getByRole("button", { name: "Entrar" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Informe seu código");
    await check();
    await page.getByLabel("Código").fill(recoveryCode ?? "");
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(page).toHaveURL(`${balde.console}/admin`);
    await page.goto("/me/security");
    await expect(page.getByRole("main")).toContainText("Restam 9.");
    await check();
  });

  await test.step("João signs up; a wrong digit is said on its field and nothing typed is lost", async () => {
    const { page, check } = joao;
    await page.goto("/signup");
    await check();
    await page.getByLabel("Seu nome").fill(tenant.name);
    await page.getByLabel("E-mail").fill(tenant.email);
    await page.getByLabel("Senha", { exact: true }).fill(tenant.password);
    await page.getByLabel("Nome da conta").fill(account.name);
    await page.getByLabel("CPF ou CNPJ").fill("12.abc.345/01de-34");
    await page.getByRole("button", { name: "Criar conta" }).click();
    await expect(page.getByLabel("CPF ou CNPJ")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Nome da conta")).toHaveValue(account.name);
    await check();
    await page.getByLabel("CPF ou CNPJ").fill(account.document);
    await page.getByLabel("Senha", { exact: true }).fill(tenant.password);
    await page.getByRole("button", { name: "Criar conta" }).click();
    await expect(page).toHaveURL(/\/signup\/sent$/);
    await check();
  });

  await test.step("the link in the mail confirms the address, and João signs in", async () => {
    const { page, check } = joao;
    await page.goto(await linkInMailTo(balde.mailbox, tenant.email, balde.console));
    await check();
    await page.getByLabel("Senha", { exact: true }).fill(tenant.password);
    await page.getByRole("button", { name: "Confirmar" }).click();
    await expect(page.getByRole("status").first()).toContainText("Seu e-mail foi confirmado");
    await check();
    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByLabel("E-mail").fill(tenant.email);
    await page.getByLabel("Senha", { exact: true }).fill(tenant.password);
    await check();
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("link", { name: account.name }).click();
    await expect(page.getByText("Esta conta aguarda aprovação")).toBeVisible();
    await check();
  });

  await test.step("a pending account looks around and creates nothing", async () => {
    const { page, check } = joao;
    await page.goto(`${home}/buckets`);
    await check();
    const refused = await page.request.post(`${home}/buckets/new`, {
      form: { name: bucketName },
      headers: { Origin: balde.console },
    });
    expect(refused.status()).toBe(422);
  });

  await test.step("Ana finds the account in the queue and approves it", async () => {
    const { page, check } = ana;
    await page.goto("/admin/accounts?state=pending");
    await check();
    await page.getByRole("link", { name: account.name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(account.name);
    await check();
    await page.getByRole("link", { name: "Aprovar" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Aprovar");
    await check();
    await page.getByRole("button", { name: "Aprovar conta" }).click();
    await expect(page.getByRole("status").first()).toContainText("A conta foi aprovada");
    await check();
  });

  await test.step("the engine answers and the account is active", async () => {
    await expect(async () => {
      await joao.page.goto(home);
      await expect(joao.page.getByRole("main").getByText("Ativa", { exact: true })).toBeVisible({
        timeout: 500,
      });
    }).toPass();
    await joao.check();
    const link = await linkInMailTo(balde.mailbox, tenant.email, `${balde.console}/accounts`);
    expect(link).toBe(`${balde.console}${home}`);
  });

  await test.step("João creates a bucket, which is there once the engine says so", async () => {
    const { page, check } = joao;
    await page.goto(`${home}/buckets`);
    await check();
    await page.getByRole("link", { name: "Criar bucket" }).first().click();
    await check();
    await page.getByLabel("Nome do bucket").fill(bucketName);
    await page.getByRole("button", { name: "Criar bucket" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(bucketName);
    await check();
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("main").getByText("Ativo", { exact: true })).toBeVisible({ timeout: 500 });
    }).toPass();
    await check();
  });

  await test.step("and an access key, whose secret is shown this once", async () => {
    const { page, check } = joao;
    await page.goto(`${home}/access-keys/new`);
    await check();
    await page.getByLabel("Nome", { exact: true }).fill("site da padaria");
    await page.getByRole("button", { name: "Criar chave de acesso" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("foi criada");
    await check();
    const [secretAccessKey, accessKeyId] = await page
      .getByRole("main")
      .locator("code.select-all")
      .allTextContents();
    expect(accessKeyId).toMatch(/^BLD[A-Z0-9]{17}$/);
    expect(secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    s3 = new S3Client({
      endpoint: balde.storage,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: accessKeyId ?? "", secretAccessKey: secretAccessKey ?? "" },
    });

    await page.goto(`${home}/access-keys`);
    await check();
    await page.getByRole("link", { name: "site da padaria" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("site da padaria");
    await check();
    expect(await page.content()).not.toContain(secretAccessKey);
  });

  await test.step("a real client uploads and downloads, by key and by presigned URL", async () => {
    const photo = randomBytes(300_000);
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: "fornada/pão 1.jpg", Body: photo }));
    const back = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: "fornada/pão 1.jpg" }));
    expect(Buffer.from((await back.Body?.transformToByteArray()) ?? [])).toEqual(photo);

    const menu = randomBytes(12_345);
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucketName, Key: "cardápio.pdf" }));
    expect((await fetch(put, { method: "PUT", body: menu })).status).toBe(200);
    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucketName, Key: "cardápio.pdf" }));
    expect(Buffer.from(await (await fetch(get)).arrayBuffer())).toEqual(menu);
  });

  await test.step("Ana has usage measured now, and João sees it", async () => {
    // The engine writes its counters down every two seconds.
    await expect(async () => {
      await ana.page.goto("/admin/usage");
      await ana.page.getByRole("button", { name: "Medir agora" }).click();
      await expect(ana.page.getByRole("status").first()).toContainText("A medição começou", {
        timeout: 2_000,
      });
      await joao.page.goto(home);
      const usage = joao.page.getByRole("main");
      await expect(usage.locator('data[value="312345"]')).toBeVisible({ timeout: 1_500 });
      // As much was sent as was fetched again.
      await expect(usage.locator('data[value="624690"]')).toBeVisible({ timeout: 1_500 });
    }).toPass({ timeout: 30_000 });
    await ana.check();
    await joao.check();
    await joao.page.goto(`${home}/usage`);
    await expect(
      joao.page
        .getByRole("cell", { name: bucketName })
        .or(joao.page.getByRole("rowheader", { name: bucketName })),
    ).toBeVisible();
    await joao.check();
  });

  await test.step("the key is revoked, and the same client gets 403", async () => {
    const { page, check } = joao;
    await page.goto(`${home}/access-keys`);
    await page.getByRole("link", { name: "site da padaria" }).click();
    await page.getByRole("link", { name: "Revogar" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Revogar");
    await check();
    await page.getByRole("button", { name: "Revogar chave" }).click();
    await expect(page.getByRole("status").first()).toContainText("A chave foi revogada");
    await check();
    const refused = s3.send(new GetObjectCommand({ Bucket: bucketName, Key: "cardápio.pdf" }));
    await expect(refused).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  await test.step("signing out ends the session on the server", async () => {
    const { page } = joao;
    const cookies = await page.context().cookies();
    await page.getByRole("button", { name: "Sair" }).click();
    await expect(page).toHaveURL(/\/login$/);
    await page.context().addCookies(cookies);
    await page.goto(home);
    await expect(page).toHaveURL(/\/login\?returnTo=/);
    await joao.check();
  });
});
