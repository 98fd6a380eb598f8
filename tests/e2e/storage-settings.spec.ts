import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ProjectName } from "#tests/support/installation.ts";
import { expect, test } from "./journey.ts";
import { headingOf, statusOf, takeSession, watched } from "./people.ts";
import { openTenant } from "./tenants.ts";

const owner = {
  name: "Sílvia Serra",
  email: "silvia@serraria.example",
  password: "madeira de lei bem guardada",
};
const bucketName = "plantas-da-serraria";

test("settings of a bucket, each by its form", async ({ balde, person }, testInfo) => {
  const silvias = await person();
  const { page, check } = silvias;
  const project = testInfo.project.name as ProjectName;
  const main = page.getByRole("main");
  const tenant = await openTenant(silvias, await person(), {
    balde,
    project,
    owner,
    accountName: "Serraria da Sílvia",
  });
  const [bucket, client] = await Promise.all([tenant.createBucket(bucketName), tenant.createClient()]);
  const put = (Key: string, bytes: number) =>
    client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body: Buffer.alloc(bytes) }));
  await Promise.all([put("logs/1", 1_000), put("logs/2", 2_000), put("plantas/casa", 5_000)]);
  /** From the summary to the page of one setting. */
  const open = async (link: string, heading: string) => {
    await page.goto(`${bucket}/settings`);
    await page.getByRole("link", { name: link }).click();
    await expect(headingOf(silvias)).toHaveText(heading);
  };

  await test.step("a lifecycle rule is tried before it is saved: what it would delete today, and in 30 days", async () => {
    await page.goto(`${bucket}/settings`);
    await check();
    await open("Ver as regras de ciclo de vida", `Regras de ciclo de vida de ${bucketName}`);
    await expect(page.getByText("Nenhuma regra ainda")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Nova regra" }).click();
    await expect(headingOf(silvias)).toHaveText("Nova regra de ciclo de vida");
    await check();
    await page.getByLabel("Nome", { exact: false }).first().fill("logs-velhos");
    await page.getByLabel("Nomes que começam com").fill("logs/");
    await page.getByRole("radio", { name: "Excluir alguns dias depois de criados" }).check();
    await page.getByLabel("Dias depois da criação").fill("7");
    await page.getByRole("button", { name: "Ver o que ela excluiria" }).click();
    await expect(headingOf(silvias)).toHaveText("O que a regra excluiria");
    await watched(silvias, main.getByRole("row", { name: "Objetos, em definitivo" }));
    const effect = main.getByRole("row", { name: "Objetos, em definitivo" });
    await expect(effect).toContainText("nada");
    await expect(effect.locator('data[value="2"]')).toBeVisible();
    await expect(effect.locator('data[value="3000"]')).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Salvar esta regra" }).click();
    await expect(statusOf(silvias)).toContainText("A regra foi salva");
  });

  await test.step("it is changed, turned off and deleted", async () => {
    await expect(main).toContainText("Exclui objetos 7 dias depois de criados");
    await check();
    await page.getByRole("link", { name: "Editar logs-velhos" }).click();
    await expect(page.getByLabel("Nomes que começam com")).toHaveValue("logs/");
    await page.getByLabel("Dias depois da criação").fill("0");
    await page.getByRole("button", { name: "Salvar regra" }).click();
    await expect(page.getByLabel("Dias depois da criação")).toHaveAttribute("aria-invalid", "true");
    await check();
    await page.getByLabel("Dias depois da criação").fill("5");
    await page.getByRole("button", { name: "Salvar regra" }).click();
    await expect(statusOf(silvias)).toContainText("A regra logs-velhos foi alterada");
    await expect(main).toContainText("Exclui objetos 5 dias depois de criados");
    await page.getByRole("link", { name: "Desligar logs-velhos" }).click();
    await expect(headingOf(silvias)).toHaveText("Desligar a regra logs-velhos");
    await check();
    await page.getByRole("button", { name: "Desligar" }).click();
    await expect(statusOf(silvias)).toContainText("está desligada");
    await page.getByRole("link", { name: "Ligar logs-velhos" }).click();
    await page.getByRole("button", { name: "Ligar" }).click();
    await expect(statusOf(silvias)).toContainText("está ligada");
    await page.getByRole("link", { name: "Excluir logs-velhos" }).click();
    await expect(headingOf(silvias)).toHaveText("Excluir a regra logs-velhos");
    await check();
    await page.getByRole("button", { name: "Excluir regra" }).click();
    await expect(statusOf(silvias)).toContainText("A regra logs-velhos foi excluída");
    await expect(page.getByText("Nenhuma regra ainda")).toBeVisible();
  });

  await test.step("versioning goes on, and then can only be suspended", async () => {
    await open("Mudar o versionamento", `Versionamento de ${bucketName}`);
    await expect(page.getByText("Não dá para voltar a “desativado”")).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Ativar o versionamento" }).click();
    await expect(statusOf(silvias)).toContainText("O versionamento está ativado");
    const { VersionId } = await put("plantas/casa", 6_000);
    expect(VersionId).toMatch(/.{16}/);
    await page.getByRole("link", { name: "Mudar o versionamento" }).click();
    await expect(page.getByText("Todas as versões que existem ficam como estão")).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Suspender o versionamento" }).click();
    await expect(statusOf(silvias)).toContainText("O versionamento está suspenso");
  });

  await test.step("a CORS rule lets a site in until it is changed and deleted", async () => {
    // With a signed address, which tells an engine whose bucket is meant.
    const allowed = async (origin: string) => {
      const get = new GetObjectCommand({ Bucket: bucketName, Key: "plantas/casa" });
      const asked = await fetch(await getSignedUrl(client, get), {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": "GET" },
      });
      return asked.headers.get("access-control-allow-origin");
    };
    await open("Ver as regras de CORS", `Regras de CORS de ${bucketName}`);
    await check();
    await page.getByRole("link", { name: "Adicionar regra" }).click();
    await check();
    await page.getByRole("link", { name: "páginas de um site que mostram arquivos" }).click();
    await expect(page.getByRole("checkbox", { name: "GET" })).toBeChecked();
    await page.getByLabel("Origens").fill("https://loja.example");
    await page.getByRole("button", { name: "Adicionar regra" }).click();
    await expect(statusOf(silvias)).toContainText("A regra foi adicionada");
    await check();
    expect(await allowed("https://loja.example")).toBe("https://loja.example");

    await page.getByRole("link", { name: "Editar a regra 1" }).click();
    await expect(page.getByLabel("Origens")).toHaveValue("https://loja.example");
    await check();
    await page.getByLabel("Origens").fill("https://nova.example");
    await page.getByRole("button", { name: "Salvar regra" }).click();
    await expect(statusOf(silvias)).toContainText("A regra foi alterada");
    expect(await allowed("https://loja.example")).toBeNull();
    expect(await allowed("https://nova.example")).toBe("https://nova.example");

    await page.getByRole("link", { name: "Excluir a regra 1" }).click();
    await expect(headingOf(silvias)).toHaveText("Excluir a regra 1");
    await check();
    await page.getByRole("button", { name: "Excluir" }).click();
    await expect(statusOf(silvias)).toContainText("A regra foi excluída");
    expect(await allowed("https://nova.example")).toBeNull();
  });

  await test.step("tags", async () => {
    await open("Mudar as tags", `Tags de ${bucketName}`);
    await check();
    await page.getByLabel("Chave 1").fill("setor");
    await page.getByLabel("Valor 1").fill("projetos / obras");
    await page.getByLabel("Chave 2").fill("setor");
    await page.getByRole("button", { name: "Salvar tags" }).click();
    await expect(page.getByLabel("Chave 2")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Valor 1")).toHaveValue("projetos / obras");
    await page.getByLabel("Chave 2").fill("centro de custo");
    await page.getByRole("button", { name: "Salvar tags" }).click();
    await expect(statusOf(silvias)).toContainText("O bucket agora tem 2 tags");
    await expect(main).toContainText("setor = projetos / obras");
  });

  await test.step("a PUT over the quota is refused, and taken once the quota is gone", async () => {
    await open("Mudar a cota", `Cota de ${bucketName}`);
    await check();
    await page.getByLabel("Tamanho").fill("1");
    await page.getByLabel("Unidade").selectOption("MiB");
    await page.getByRole("button", { name: "Salvar cota" }).click();
    await expect(statusOf(silvias)).toContainText("A cota foi salva");
    await check();
    const over = () => put("grande", 2 * 1024 * 1024);
    await expect(over()).rejects.toMatchObject({ name: "QuotaExceeded" });
    await page.getByRole("link", { name: "Mudar a cota" }).click();
    await page.getByLabel("Tamanho").fill("");
    await page.getByRole("button", { name: "Salvar cota" }).click();
    await expect(statusOf(silvias)).toContainText("não tem cota própria");
    await over();
  });

  await test.step("direct uploads are agreed to, and ended", async () => {
    await open("Mudar o envio direto", `Envio direto para ${bucketName}`);
    await expect(page.getByText(`Páginas em ${balde.console}, este console`)).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Permitir envio direto" }).click();
    await expect(statusOf(silvias)).toContainText("direto para o armazenamento");
    await page.getByRole("link", { name: "Mudar o envio direto" }).click();
    await check();
    await page.getByRole("link", { name: "Encerrar o envio direto" }).click();
    await expect(headingOf(silvias)).toHaveText(`Encerrar o envio direto para ${bucketName}`);
    await check();
    await page.getByRole("button", { name: "Encerrar o envio direto" }).click();
    await expect(statusOf(silvias)).toContainText("passam pelo servidor do console");
  });

  await test.step("the same pages in English and dark", async () => {
    const english = await person({ locale: "en-US", colorScheme: "dark" });
    await takeSession(silvias, english);
    await english.checkPages([`${bucket}/settings`, `${bucket}/lifecycle/new`, `${bucket}/cors/new`]);
    await english.page.goto(`${bucket}/cors/new`);
    await expect(english.page.getByLabel("Origins")).toBeVisible();
  });
});
