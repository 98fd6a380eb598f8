import { newCpf } from "#tests/support/documents.ts";
import { type ProjectName, queryAsOwner } from "#tests/support/installation.ts";
import { type RealProvider, startRealProvider } from "#tests/support/oidc-provider.ts";
import { codeOf } from "#tests/support/second-factor.ts";
import { expect, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";
import { type Credentials, giveCode, logIn, setUpSecondFactor, signUp } from "./people.ts";

const sara: Credentials = {
  name: "Sara Souza",
  email: "sara@costura.example",
  password: "linha azul na agulha fina",
};
const account = "Ateliê da Sara";
const home = "/accounts/atelie-da-sara";
const newPassword = "linha verde na agulha grossa";
const newEmail = "sara@atelie.example";
const atCorp = { sub: "sara-1", email: "sara@corp.example", emailVerified: true, name: "Sara S." };

test("sign-in: every way in, and what keeps others out", async ({ balde, person }, testInfo) => {
  const project = testInfo.project.name as ProjectName;
  const browser = await person();
  const { page, check } = browser;
  /** Another computer of the same person's, in English and dark. */
  const other = await person({ locale: "en-US", colorScheme: "dark" });
  const heading = page.getByRole("heading", { level: 1 });
  const status = page.getByRole("status").first();
  const mailed = (subject: string, to = sara.email) =>
    linkInMailTo(balde.mailbox, to, balde.console, { subject });
  /** In place of hours that pass. */
  const ageSession = (change: string) =>
    queryAsOwner(
      project,
      `UPDATE session SET ${change} FROM "user" WHERE "user".id = user_id AND email = ANY($1)`,
      [[sara.email, newEmail]],
    );
  let secret = "";
  let recoveryCodes: string[] = [];
  const nextCode = () => recoveryCodes.shift() ?? "";
  let corp: RealProvider | undefined;

  await test.step("the pages before sign-in", async () => {
    await other.checkPages([
      "/login",
      "/signup",
      "/signup/sent",
      "/forgot-password",
      "/forgot-password/sent",
    ]);
    await other.page.goto("/reset-password/no-such-link");
    await other.check();
  });

  await test.step("Sara signs up; signing up once more tells her alone that she has", async () => {
    await signUp(browser, balde, sara, account);
    expect(await mailed("Boas-vindas")).toBe(`${balde.console}/accounts`);
    await other.page.goto("/signup");
    await other.page.getByLabel("Your name").fill("Somebody");
    await other.page.getByLabel("E-mail").fill(sara.email);
    await other.page.getByLabel("Password", { exact: true }).fill(sara.password);
    await other.page.getByLabel("Account name").fill("Once more");
    await other.page.getByLabel("CPF or CNPJ").fill(newCpf());
    await other.page.getByRole("button", { name: "Create account" }).click();
    await expect(other.page).toHaveURL(/\/signup\/sent$/);
    expect(await mailed("Você já tem cadastro")).toBe(`${balde.console}/login`);
  });

  await test.step("she sets up a second factor, and is told so by mail", async () => {
    await page.goto("/me/security");
    await check();
    await page.getByRole("link", { name: "Configurar", exact: true }).click();
    await expect(heading).toHaveText("Configurar a verificação em duas etapas");
    await check();
    ({ secret, recoveryCodes } = await setUpSecondFactor(browser));
    await check();
    await page.goto(await mailed("Verificação em duas etapas ativada"));
    await expect(heading).toHaveText("Segurança");
    await check();
  });

  await test.step("a forgotten password is replaced by mail, and the second factor asked for all the same", async () => {
    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByRole("link", { name: "Esqueceu a senha?" }).click();
    await expect(heading).toHaveText("Esqueceu a senha?");
    await page.getByLabel("E-mail").fill(sara.email);
    await page.getByRole("button", { name: "Enviar link" }).click();
    await expect(page).toHaveURL(/\/forgot-password\/sent$/);
    const link = await mailed("Redefina sua senha");
    await other.page.goto(link);
    await other.check();
    await page.goto(link);
    await check();
    await page.getByLabel("Nova senha").fill(newPassword);
    await page.getByRole("button", { name: "Salvar nova senha" }).click();
    await expect(heading).toHaveText("Informe seu código");
    await check();
    await page.goto("/accounts");
    await expect(page).toHaveURL(/\/login/);
    await page.goto("/login/second-factor");
    await giveCode(browser, recoveryCodes[0] ?? "");
    await expect(page).toHaveURL(`${balde.console}/accounts`);
    await page.goto(link);
    await expect(heading).toHaveText("Este link não vale mais");
    expect(await mailed("Sua senha foi alterada")).toBe(`${balde.console}/me/security`);
    expect(await mailed("Um código de recuperação foi usado")).toBe(`${balde.console}/me/security`);
  });

  await test.step("a recovery code counts once; the app's counts too", async () => {
    await page.goto("/accounts");
    await page.getByRole("button", { name: "Sair" }).click();
    await logIn(browser, { email: sara.email, password: sara.password });
    await expect(page.getByRole("alert").first()).toContainText("O e-mail ou a senha não conferem");
    await check();
    await logIn(browser, { email: sara.email, password: newPassword });
    await giveCode(browser, nextCode());
    await expect(page.getByLabel("Código")).toHaveAttribute("aria-invalid", "true");
    await check();
    // The step that set the factor up is used.
    await giveCode(browser, codeOf(secret, 1));
    await expect(page).toHaveURL(`${balde.console}/accounts`);
  });

  await test.step("15 minutes later she shows who she is once more before something delicate", async () => {
    await ageSession("authenticated_at = now() - interval '16 minutes'");
    await page.goto("/me/email");
    await expect(page).toHaveURL(/\/reauthentication\?returnTo=%2Fme%2Femail$/);
    await check();
    await page.getByLabel("Senha", { exact: true }).fill(newPassword);
    await page.getByLabel("Código").fill(nextCode());
    await page.getByRole("button", { name: "Confirmar" }).click();
    await expect(page).toHaveURL(`${balde.console}/me/email`);
  });

  await test.step("her address changes once the link to the new one is followed; the old one is told", async () => {
    await page.getByLabel("Novo e-mail").fill(newEmail);
    await page.getByRole("button", { name: "Enviar link de confirmação" }).click();
    await expect(page.getByText(`Aguardando confirmação: ${newEmail}`)).toBeVisible();
    await check();
    await page.goto(await mailed("Confirme seu novo e-mail", newEmail));
    await expect(heading).toHaveText("Confirme o seu novo e-mail");
    await check();
    await page.getByRole("button", { name: "Confirmar novo e-mail" }).click();
    await expect(status).toContainText(`O seu e-mail agora é ${newEmail}`);
    await expect
      .poll(async () => {
        const messages = (await (await fetch(`${balde.mailbox}/api/messages`)).json()) as {
          to: string[];
          subject: string;
        }[];
        return messages.filter(({ to }) => to.includes(sara.email)).map(({ subject }) => subject);
      })
      .toContainEqual(expect.stringContaining("Seu e-mail de acesso foi alterado"));
  });

  await test.step("the other computer signs in by the new address, and its pages are English and dark", async () => {
    await other.page.goto("/me/details");
    await other.page.getByLabel("E-mail").fill(newEmail);
    await other.page.getByLabel("Password", { exact: true }).fill(newPassword);
    await other.page.getByRole("button", { name: "Sign in", exact: true }).click();
    // Her own language comes with her.
    await giveCode(other, nextCode());
    await expect(other.page).toHaveURL(`${balde.console}/me/details`);
    await other.page.getByLabel("Idioma").selectOption("en");
    await other.page.getByLabel("Fuso horário").selectOption("America/Manaus");
    await other.page.getByRole("button", { name: "Salvar" }).click();
    await expect(other.page.getByRole("status").first()).toContainText("Your profile was saved");
    await other.check();
    await other.checkPages([
      "/me/details",
      "/me/sessions",
      "/me/sessions/ending",
      "/me/security",
      "/me/security/password",
      "/me/security/second-factor/new",
      "/me/security/second-factor/recovery-codes",
      "/me/security/second-factor/removal",
      "/me/security/identities",
      "/me/email",
      "/me/data",
      "/me/closing",
      "/reauthentication",
      "/notifications",
      "/me/notifications",
      "/accounts/new",
      `${home}/settings`,
      `${home}/settings/second-factor`,
    ]);
  });

  await test.step("language and theme are chosen by forms", async () => {
    await page.goto("/me");
    await check();
    await page.getByRole("main").getByRole("button", { name: "Escura" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await check();
    await page.getByRole("button", { name: "English" }).click();
    await expect(heading).toHaveText("Your profile");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.getByRole("button", { name: "Português" }).click();
    await expect(heading).toHaveText("Seu perfil");
    await page.getByRole("main").getByRole("button", { name: "Clara" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  });

  await test.step("she ends the other computer's session from here", async () => {
    await page.goto("/me/sessions");
    await expect(page.getByRole("link", { name: /Encerrar a sessão/ })).toHaveCount(2);
    await check();
    await page.getByRole("row").filter({ hasNotText: "Esta sessão" }).getByRole("link").click();
    await expect(heading).toHaveText("Encerrar esta sessão?");
    await check();
    await page.getByRole("button", { name: "Encerrar sessão" }).click();
    await expect(status).toContainText("A sessão foi encerrada");
    await other.page.goto("/me");
    await expect(other.page).toHaveURL(/\/login\?returnTo=%2Fme$/);
  });

  await test.step("new recovery codes take the place of the old ones", async () => {
    await page.goto("/me/security");
    await page.getByRole("link", { name: "Gerar novos códigos" }).click();
    await expect(heading).toHaveText("Gerar novos códigos de recuperação?");
    await page.getByRole("button", { name: "Gerar novos códigos" }).click();
    await expect(heading).toHaveText("Seus novos códigos de recuperação");
    await check();
    recoveryCodes = await page.getByRole("main").locator("code").allTextContents();
    expect(await mailed("Novos códigos de recuperação", newEmail)).toBe(`${balde.console}/me/security`);
  });

  await test.step("what she typed into a form survives the end of her session, and is not sent by itself", async () => {
    await page.goto("/accounts/new");
    const document = newCpf();
    await page.getByLabel("Nome da conta").fill("Segunda oficina");
    await page.getByLabel("CPF ou CNPJ").fill(document);
    await ageSession("last_seen_at = now() - interval '13 hours'");
    await page.getByRole("button", { name: "Enviar para aprovação" }).click();
    await expect(page).toHaveURL(/\/login\?returnTo=%2Faccounts%2Fnew$/);
    await expect(status).toContainText("O que você digitou fica guardado por 30 minutos");
    await expect(page.getByText("Sua sessão terminou.")).toBeVisible();
    await check();
    await logIn(browser, { email: newEmail, password: newPassword });
    await giveCode(browser, nextCode());
    await expect(page).toHaveURL(`${balde.console}/accounts/new`);
    await expect(page.getByText("Isto é o que você tinha digitado")).toBeVisible();
    await expect(page.getByLabel("Nome da conta")).toHaveValue("Segunda oficina");
    await expect(page.getByLabel("CPF ou CNPJ")).toHaveValue(document);
    await check();
    await page.goto("/accounts");
    await expect(page.getByRole("link", { name: "Segunda oficina" })).toHaveCount(0);
    await page.goto("/accounts/new");
    await page.getByRole("button", { name: "Enviar para aprovação" }).click();
    await expect(status).toContainText("A conta foi enviada para aprovação");
  });

  await test.step("a provider that is down, and one that she declines, say so and change nothing", async () => {
    await page.goto("/me/security/identities");
    await check();
    await page.getByRole("button", { name: "Vincular Corp" }).click();
    await expect(heading).toHaveText("Corp não está respondendo");
    await check();
    corp = await startRealProvider(balde.corp.redirectUri, balde.corp);
    // For a few seconds after a failure the provider is not asked again.
    await expect(async () => {
      await page.getByRole("button", { name: "Tentar de novo com Corp" }).click();
      await expect(heading).toHaveText("Você não entrou", { timeout: 2_000 });
    }).toPass();
    await check();
    await page.getByRole("link", { name: "Voltar aos provedores de acesso" }).click();
    await expect(page.getByText("Nenhum provedor vinculado ainda")).toBeVisible();
  });

  await test.step("linked, it opens her user, and her second factor is asked for all the same", async () => {
    if (corp) corp.signsIn = atCorp;
    await page.getByRole("button", { name: "Vincular Corp" }).click();
    await expect(status).toContainText("Corp foi vinculado");
    await check();
    expect(await mailed("Uma nova forma de entrar foi vinculada", newEmail)).toBe(
      `${balde.console}/me/security`,
    );
    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByRole("button", { name: "Continuar com Corp" }).click();
    await giveCode(browser, nextCode());
    await expect(page).toHaveURL(`${balde.console}/accounts`);
  });

  await test.step("what she requires of her account's members she cannot take off herself", async () => {
    await page.goto(`${home}/settings/second-factor`);
    await check();
    await page.getByRole("radio", { name: /^Exigida de todos os membros/ }).check();
    await page.getByRole("button", { name: "Salvar" }).click();
    await expect(status).toContainText("Agora todos os membros precisam da verificação em duas etapas");
    await check();
    await page.goto("/me/security/second-factor/removal");
    await expect(page.getByText("Você precisa da verificação em duas etapas")).toBeVisible();
    await check();
    await page.goto(`${home}/settings/second-factor`);
    await page.getByRole("radio", { name: /^A critério de cada membro/ }).check();
    await page.getByRole("button", { name: "Salvar" }).click();
    await expect(status).toContainText("Agora a verificação em duas etapas fica a critério de cada membro");
    await page.goto("/me/security/second-factor/removal");
    await check();
    await page.getByRole("button", { name: "Desativar" }).click();
    await expect(status).toContainText("A verificação em duas etapas foi desativada");
    expect(await mailed("Verificação em duas etapas desativada", newEmail)).toBe(
      `${balde.console}/me/security`,
    );
  });

  await test.step("unlinked, it is a stranger's", async () => {
    await page.goto("/me/security/identities");
    await page.getByRole("link", { name: /Desvincular Corp/ }).click();
    await expect(heading).toHaveText("Desvincular Corp?");
    await check();
    await page.getByRole("button", { name: "Desvincular", exact: true }).click();
    await expect(status).toContainText("Corp foi desvinculado");
    expect(await mailed("Uma forma de entrar foi removida", newEmail)).toBe(`${balde.console}/me/security`);
    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByRole("button", { name: "Continuar com Corp" }).click();
    await expect(page).toHaveURL(`${balde.console}/signup/provider`);
    await check();
  });

  await test.step("somebody new signs up by it: its own domain's address needs no mail", async () => {
    await expect(page.getByText("Confirmado por Corp.")).toBeVisible();
    await page.getByLabel("Nome da conta").fill("Corp de Sara");
    await page.getByLabel("CPF ou CNPJ").fill(newCpf());
    await page.getByRole("button", { name: "Criar conta" }).click();
    await expect(page).toHaveURL(`${balde.console}/accounts`);
    await expect(status).toContainText("Boas-vindas!");
    await check();
    expect(await mailed("Boas-vindas", atCorp.email)).toBe(`${balde.console}/accounts`);
    await page.goto("/me/security");
    await expect(page.getByText("Você não tem senha: entra por outro provedor.")).toBeVisible();
    await check();
    // Whoever has no password shows who they are where they sign in.
    await queryAsOwner(
      project,
      `UPDATE session SET authenticated_at = now() - interval '16 minutes'
       FROM "user" WHERE "user".id = user_id AND email = $1`,
      [atCorp.email],
    );
    await page.getByRole("link", { name: "Definir uma senha" }).click();
    await expect(page.getByText("Você entra por outro provedor. Confirme lá e volte para cá.")).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Confirmar com Corp" }).click();
    await expect(page).toHaveURL(`${balde.console}/me/security/password`);
    await expect(heading).toHaveText("Definir uma senha");
    await check();
  });

  await test.step("she takes her data along, and cannot go while an account would be left without an owner", async () => {
    await page.goto("/me/data");
    const download = await page.request.get("/me/data/download");
    expect(download.headers()["content-disposition"]).toContain("attachment");
    expect(JSON.stringify(await download.json())).toContain(atCorp.email);
    await page.goto("/me/closing");
    await expect(page.getByText("Você é a única pessoa proprietária de uma conta")).toBeVisible();
    await check();
  });

  await corp?.stop();
});
