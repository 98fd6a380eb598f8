import { createHash, randomBytes } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { operatorLink, type ProjectName } from "#tests/support/installation.ts";
import { expect, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";

const operator = { name: "Ana Operadora", email: "ana@provedor.example", password: "quem cuida da casa sou eu" };
const tenant = { name: "João da Silva", email: "joao@padaria.example", password: "pão quentinho toda manhã" };
const account = { name: "Padaria São João", document: "12.abc.345/01de-35" };
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
    await expect(ana.page).toHaveURL(`${balde.console}/admin`);
    await ana.check();
    expect((await ana.page.request.get(link)).status()).toBe(422);
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
    await page.getByRole("button", { name: "Confirmar" }).click();
    await expect(page.getByRole("status").first()).toContainText("Seu e-mail foi confirmado");
    await check();
    await page.getByLabel("E-mail").fill(tenant.email);
    await page.getByLabel("Senha", { exact: true }).fill(tenant.password);
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("link", { name: account.name }).click();
    await expect(page.getByText("Esta conta aguarda aprovação")).toBeVisible();
    await check();
  });

  await test.step("a pending account looks around and creates nothing", async () => {
    const { page, check } = joao;
    await page.goto("/accounts/padaria-sao-joao/buckets");
    await check();
    const refused = await page.request.post("/accounts/padaria-sao-joao/buckets/new", {
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
      await joao.page.goto("/accounts/padaria-sao-joao");
      await expect(joao.page.getByRole("main").getByText("Ativa", { exact: true })).toBeVisible({ timeout: 500 });
    }).toPass();
    await joao.check();
    const link = await linkInMailTo(balde.mailbox, tenant.email, `${balde.console}/accounts`);
    expect(link).toBe(`${balde.console}/accounts/padaria-sao-joao`);
  });
  void [createHash, randomBytes, GetObjectCommand, PutObjectCommand, getSignedUrl];
  void (s3! as S3Client | undefined);
});
