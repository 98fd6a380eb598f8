// What people do in more than one journey, in Portuguese.
import type { Locator } from "@playwright/test";
import { newCpf } from "#tests/support/documents.ts";
import type { Installation } from "#tests/support/installation.ts";
import { calmStep, codeOf } from "#tests/support/second-factor.ts";
import { expect, type Person, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";

/** Somebody as they sign in. */
export interface Credentials {
  name: string;
  email: string;
  password: string;
}

/** The page's own heading. */
export const headingOf = ({ page }: Person) => page.getByRole("heading", { level: 1 });
/** What the page says of the last thing that was done. */
export const statusOf = ({ page }: Person) => page.getByRole("status").first();

/** Waits for what a job brings about: a page with scripts looks again by itself, another one is loaded again. */
export async function watched({ page }: Person, what: Locator): Promise<void> {
  if (test.info().project.use.javaScriptEnabled) return expect(what).toBeVisible({ timeout: 30_000 });
  await expect(async () => {
    if (await what.isVisible()) return;
    await page.reload();
    await expect(what).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

/** Takes somebody's session to another browser of theirs, which keeps its own language and colours. */
export async function takeSession(from: Person, to: Person): Promise<void> {
  const cookies = await from.page.context().cookies();
  await to.page.context().addCookies(cookies.filter(({ name }) => name === "session"));
}

/** Signs up for an account, follows the link in the mail, and is signed in. */
export async function signUp(
  { page }: Person,
  balde: Installation,
  who: Credentials,
  accountName: string,
): Promise<void> {
  await page.goto("/signup");
  await page.getByLabel("Seu nome").fill(who.name);
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Senha", { exact: true }).fill(who.password);
  await page.getByLabel("Nome da conta").fill(accountName);
  await page.getByLabel("CPF ou CNPJ").fill(newCpf());
  await page.getByRole("button", { name: "Criar conta" }).click();
  await expect(page).toHaveURL(/\/signup\/sent$/);
  await page.goto(await linkInMailTo(balde.mailbox, who.email, `${balde.console}/verify-email/`));
  await page.getByLabel("Senha", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Confirmar" }).click();
  await expect(page.getByRole("status").first()).toContainText("Seu e-mail foi confirmado");
}

/** Fills in the form on the sign-in page, which is open. */
export async function logIn({ page }: Person, who: Pick<Credentials, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Senha", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
}

/** Gives a code on the page that asks for one at sign-in. */
export async function giveCode({ page }: Person, code: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Informe seu código");
  await page.getByLabel("Código").fill(code);
  await page.getByRole("button", { name: "Continuar", exact: true }).click();
}

/** Sets up a second factor on the page for it, which is open, and answers what an app and a drawer would keep. */
export async function setUpSecondFactor({
  page,
}: Person): Promise<{ secret: string; recoveryCodes: string[] }> {
  const secret = (await page.locator("code.select-all").textContent()) ?? "";
  await calmStep();
  await page.getByLabel("Código do aplicativo").fill(codeOf(secret));
  await page.getByRole("button", { name: "Ativar" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Verificação em duas etapas ativada");
  const recoveryCodes = await page.getByRole("main").locator("code").allTextContents();
  expect(recoveryCodes).toHaveLength(10);
  return { secret, recoveryCodes };
}
