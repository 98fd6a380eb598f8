import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ProjectName } from "#tests/support/installation.ts";
import { expect, type Person, test } from "./journey.ts";
import { headingOf, statusOf, takeSession, watched } from "./people.ts";
import { openTenant } from "./tenants.ts";

const owner = { name: "Otávio Otero", email: "otavio@museu.example", password: "quadros em boas molduras" };
const bucketName = "acervo-do-museu";
const MiB = 1024 * 1024;
const script = "<script>alert(1)</script>.html";

test("objects: upload, browse, download, share, delete, restore", async ({ balde, person }, testInfo) => {
  const otavios = await person();
  const { page, check } = otavios;
  const hasScripts = testInfo.project.name === "javascript";
  const main = page.getByRole("main");
  const inTable = (name: string) => main.getByRole("table").getByRole("link", { name, exact: true });
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    // Leaving while something is sent is asked about; whatever else speaks up was let in by us.
    if (dialog.type() !== "beforeunload") dialogs.push(dialog.message());
    void dialog.accept();
  });
  const tenant = await openTenant(otavios, await person(), {
    balde,
    project: testInfo.project.name as ProjectName,
    owner,
    accountName: "Museu do Otávio",
  });
  const [bucket, client] = await Promise.all([tenant.createBucket(bucketName), tenant.createClient()]);
  const put = (Key: string, Body: Buffer | string, ContentType?: string) =>
    client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType }));
  const stored = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const [photo, label] = [randomBytes(70_000), Buffer.from("Óleo sobre tela, 1922")];

  await test.step("two files go through the form, into a folder", async () => {
    await page.goto(`${bucket}/objects`);
    await expect(page.getByText("Nenhum objeto neste bucket")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Enviar arquivos" }).first().click();
    await expect(headingOf(otavios)).toHaveText(`Enviar para ${bucketName}`);
    await expect(page.getByRole("link", { name: "Permitir envios diretos" })).toBeVisible();
    await check();
    await page.getByLabel("Pasta (prefixo)").fill("fotos/2026/");
    await page.getByLabel("Arquivos").setInputFiles([
      { name: "foto 1.jpg", mimeType: "image/jpeg", buffer: photo },
      { name: "legenda.txt", mimeType: "text/plain", buffer: label },
    ]);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await expect(statusOf(otavios)).toContainText("2 arquivos foram armazenados");
    await check();
    expect(await stored("fotos/2026/foto 1.jpg")).toEqual(photo);
  });

  await test.step("they are found by folder and by prefix, and come back as they were", async () => {
    await page.getByRole("link", { name: bucketName, exact: true }).last().click();
    await inTable("fotos/").click();
    await inTable("2026/").click();
    await expect(inTable("legenda.txt")).toBeVisible();
    await page.getByLabel("Ir para nomes que começam com").fill("fotos/2026/fo");
    await page.getByRole("button", { name: "Ir", exact: true }).click();
    await expect(inTable("legenda.txt")).toHaveCount(0);
    await inTable("foto 1.jpg").click();
    await expect(headingOf(otavios)).toHaveText("foto 1.jpg");
    await expect(main).toContainText("image/jpeg");
    await check();
    const { name, content } = await downloadBy(otavios, "Baixar");
    expect(name).toBe("foto 1.jpg");
    expect(content).toEqual(photo);
  });

  await test.step("a link lets anybody fetch one, until all links are ended", async () => {
    await page.getByRole("link", { name: "Compartilhar" }).click();
    await expect(headingOf(otavios)).toHaveText("Compartilhar foto 1.jpg");
    await check();
    await page.getByRole("radio", { name: "1 hora" }).check();
    await page.getByRole("button", { name: "Criar link" }).click();
    await expect(headingOf(otavios)).toHaveText("Link para foto 1.jpg");
    await check();
    const link = (await main.locator("code.select-all").textContent()) ?? "";
    expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(photo);
    await page.getByRole("link", { name: "Encerrar todos os links da conta" }).click();
    await expect(headingOf(otavios)).toHaveText("Encerrar links compartilhados");
    await check();
    await page.getByRole("button", { name: "Encerrar todos os links" }).click();
    await expect(statusOf(otavios)).toContainText("Todos os links compartilhados até agora foram encerrados");
    expect((await fetch(link)).status).toBe(403);
    // What the console itself fetches goes on.
    await page.goto(`${bucket}/object?key=fotos/2026/legenda.txt`);
    expect((await downloadBy(otavios, "Baixar")).content).toEqual(label);
  });

  await test.step("a page that a tenant stored is text here, and a file to whoever opens it", async () => {
    await put(script, "<!doctype html><script>alert(document.domain)</script>", "text/html");
    await page.goto(`${bucket}/objects`);
    await inTable("<script>alert(1)</").click();
    await inTable("script>.html").click();
    await expect(main).toContainText(script);
    await expect(main).toContainText("text/html");
    await check();
    const { name, content, url } = await downloadBy(otavios, "Baixar");
    expect(name).not.toContain("/");
    expect(content.toString()).toContain("alert(document.domain)");
    const answer = await page.context().request.get(url);
    expect(answer.headers()).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": expect.stringMatching(/^attachment;/),
      "content-security-policy": expect.stringMatching(/sandbox/),
      "x-content-type-options": "nosniff",
    });
    // Typed in, the address shows nothing either.
    const typedIn = page.waitForEvent("download");
    await page.goto(url).catch(() => null);
    await (await typedIn).cancel();
    expect(dialogs).toEqual([]);
  });

  await test.step("names with a line break, dots and slashes lead to their own objects", async () => {
    const ways = [
      { key: "linha\nquebrada.txt", clicks: ["linha[U+000A]quebrada.txt"] },
      { key: "a/../b.txt", clicks: ["a/", "../", "b.txt"] },
      { key: "/barra//inicial.txt", clicks: ["/", "barra/", "/", "inicial.txt"] },
    ];
    await Promise.all(ways.map(({ key }) => put(key, `conteúdo de ${key}`)));
    for (const { key, clicks } of ways) {
      await page.goto(`${bucket}/objects`);
      for (const click of clicks) await inTable(click).click();
      const { content } = await downloadBy(otavios, "Baixar");
      expect(content.toString()).toBe(`conteúdo de ${key}`);
      await page.getByRole("link", { name: "Excluir", exact: true }).click();
      await check();
      await page.getByRole("button", { name: "Excluir objeto" }).click();
      await expect(statusOf(otavios)).toContainText("foi excluído");
      await expect(stored(key)).rejects.toMatchObject({ name: "NoSuchKey" });
    }
  });

  await test.step("several are deleted at once, after they are named", async () => {
    await Promise.all(["um", "dois", "três"].map((key) => put(`lista/${key}`, key)));
    await page.goto(`${bucket}/objects?prefix=lista/`);
    await page.getByRole("checkbox", { name: "Selecionar lista/um" }).check();
    await page.getByRole("checkbox", { name: "Selecionar lista/três" }).check();
    await page.getByRole("button", { name: "Excluir selecionados" }).click();
    await expect(headingOf(otavios)).toHaveText("Excluir 2 objetos");
    await expect(main).toContainText("lista/três");
    await check();
    await page.getByRole("button", { name: "Excluir", exact: true }).click();
    await expect(statusOf(otavios)).toContainText("2 objetos foram excluídos");
    await expect(inTable("dois")).toBeVisible();
    await expect(inTable("um")).toHaveCount(0);
  });

  await test.step("where versions are kept, an older one is restored, and a deleted object brought back", async () => {
    expect((await tenant.post(`${bucket}/versioning`, { versioning: "enabled" })).status()).toBe(302);
    await put("catálogo.txt", "primeira edição");
    await put("catálogo.txt", "segunda edição");
    await page.goto(`${bucket}/object?${new URLSearchParams({ key: "catálogo.txt" })}`);
    const versions = main.getByRole("table", { name: "Versões" });
    await expect(versions.getByRole("row")).toHaveCount(3);
    await check();
    await versions
      .getByRole("row", { name: "Antiga" })
      .getByRole("link", { name: /^Restaurar/ })
      .click();
    await expect(headingOf(otavios)).toHaveText("Restaurar catálogo.txt");
    await check();
    await page.getByRole("button", { name: "Restaurar esta versão" }).click();
    await expect(statusOf(otavios)).toContainText("catálogo.txt foi restaurado");
    expect((await stored("catálogo.txt")).toString()).toBe("primeira edição");

    await page.getByRole("link", { name: "Excluir", exact: true }).click();
    await expect(main).toContainText("um marcador de exclusão toma o lugar do objeto");
    await page.getByRole("button", { name: "Excluir objeto" }).click();
    await expect(statusOf(otavios)).toContainText("catálogo.txt foi excluído");
    await page.getByRole("link", { name: "Todas as versões" }).click();
    await expect(main.getByRole("row", { name: "Marcador de exclusão" })).toHaveCount(1);
    await check();
    await page.goto(`${bucket}/object?${new URLSearchParams({ key: "catálogo.txt" })}`);
    await expect(page.getByText("Este objeto está excluído")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Trazer de volta", exact: true }).click();
    await page.getByRole("button", { name: "Trazer o objeto de volta" }).click();
    await expect(statusOf(otavios)).toContainText("catálogo.txt está de volta");
    expect((await stored("catálogo.txt")).toString()).toBe("primeira edição");
  });

  await test.step("hidden bytes are counted, and a rule against them is tried and saved", async () => {
    await page.goto(`${bucket}/hidden-bytes`);
    await check();
    await page.getByRole("button", { name: "Contar agora" }).click();
    await expect(statusOf(otavios)).toContainText("O bucket está sendo contado");
    const old = main.getByRole("row", { name: /^Versões antigas/ });
    await watched(otavios, page.getByRole("button", { name: "Contar de novo" }));
    // Two editions: as many of them are not current as were restored from and replaced.
    await expect(old.locator('data[value="2"]')).toBeVisible();
    await check();
    await page.getByLabel("Excluir versões antigas depois de quantos dias").fill("1");
    await page.getByRole("button", { name: "Ver prévia" }).click();
    await expect(headingOf(otavios)).toHaveText("O que a regra excluiria");
    await watched(otavios, page.getByRole("button", { name: "Salvar esta regra" }));
    await expect(old.first().locator('data[value="2"]')).toBeVisible();
    await page.getByRole("button", { name: "Salvar esta regra" }).click();
    await expect(statusOf(otavios)).toContainText("A regra foi salva");
    await expect(main).toContainText("Exclui versões antigas 1 dia depois de substituídas");
    await otavios.checkPages([
      `${tenant.home}/storage/hidden-bytes`,
      `${tenant.home}/storage/hidden-bytes/measuring`,
    ]);
  });

  await test.step("a large file goes straight to the storage, and on after a reload; without scripts through the form", async () => {
    expect((await tenant.post(`${bucket}/direct-uploads`, {})).status()).toBe(302);
    const folder = await mkdtemp(join(tmpdir(), "balde-e2e-"));
    const film = randomBytes(17 * MiB);
    const file = join(folder, "filme.mp4");
    await writeFile(file, film);
    const send = async () => {
      await page.getByLabel("Arquivos").setInputFiles(file);
      await page.getByRole("button", { name: "Enviar", exact: true }).click();
    };
    await page.goto(`${bucket}/upload?prefix=filmes/`);
    if (hasScripts) {
      await interruptUpload(otavios, balde.storage, send);
      await expect(main.getByRole("heading", { name: "Envios inacabados" })).toBeVisible();
      await check();
      const parts: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "PUT")
          parts.push(new URL(request.url()).searchParams.get("partNumber") ?? "");
      });
      await send();
      await expect(main.getByText("Armazenado", { exact: true })).toBeVisible({ timeout: 30_000 });
      expect(parts).toEqual(["2"]);
      await check();
      await page.getByRole("link", { name: "Ver os objetos" }).click();
    } else {
      await send();
      await expect(statusOf(otavios)).toContainText("1 arquivo foi armazenado");
    }
    await expect(inTable("filme.mp4")).toBeVisible();
    expect(sha256(await stored("filmes/filme.mp4"))).toBe(sha256(film));
    await rm(folder, { recursive: true });
  });

  await test.step("the same pages in English and dark", async () => {
    const english = await person({ locale: "en-US", colorScheme: "dark" });
    await takeSession(otavios, english);
    await english.checkPages([
      `${bucket}/objects`,
      `${bucket}/object?key=filmes/filme.mp4`,
      `${bucket}/hidden-bytes`,
      `${bucket}/upload`,
    ]);
    expect(dialogs).toEqual([]);
  });
});

/** Saves what a link of the page leads to. */
async function downloadBy(
  { page }: Person,
  link: string,
): Promise<{ name: string; content: Buffer; url: string }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: link, exact: true }).click(),
  ]);
  const content = await readFile(await download.path());
  return { name: download.suggestedFilename(), content, url: download.url() };
}

/** Begins to send a file in two parts, and leaves the page when the first of them has arrived. */
async function interruptUpload(
  { page, check }: Person,
  storage: string,
  send: () => Promise<void>,
): Promise<void> {
  await page.route(
    (url) => url.origin === storage && url.searchParams.get("partNumber") !== "1",
    () => {},
  );
  await send();
  const progress = page.getByRole("progressbar");
  const share = async () => Number(await progress.getAttribute("value"));
  await expect.poll(share, { timeout: 30_000 }).toBeGreaterThan(0.9);
  await expect(page.getByText("Enviando")).toBeVisible();
  await check();
  await page.reload();
  // Only now: what is held would go on.
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
