import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { calmStep, codeOf } from "#tests/support/second-factor.ts";
import { expect, type Person, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";
import {
  type Credentials,
  giveCode,
  headingOf,
  logIn,
  setUpSecondFactor,
  signUp,
  statusOf,
} from "./people.ts";

const credentials = (name: string, email: string): Credentials => ({
  name,
  email,
  password: `${name} tem uma senha comprida`,
});
const olivia = credentials("Olívia Dona", "olivia@grafica.example");
const nina = credentials("Nina Nova", "nina@grafica.example");
const ivo = credentials("Ivo Irmão", "ivo@irmaos.example");
const otto = credentials("Otto Operador", "otto@provedor.example");
const vera = credentials("Vera Vigia", "vera@provedor.example");
const account = "Gráfica da Olívia";
const home = "/accounts/grafica-da-olivia";

const memberLink = ({ page }: Person, who: Credentials) =>
  page.getByRole("main").getByRole("link", { name: who.name });

test("team: from an invitation to the last owner", async ({ balde, person }) => {
  const olivias = await person();
  const ninas = await person();
  const ivos = await person();
  const ottos = await person();
  const veras = await person({ colorScheme: "dark" });
  const mailed = (to: Credentials, subject: string, after?: string) =>
    linkInMailTo(balde.mailbox, to.email, balde.console, { subject, ...(after ? { after } : {}) });

  await test.step("everybody but Nina and Vera signs up; the server's shell makes Otto an operator", async () => {
    await signUp(olivias, balde, olivia, account);
    await signUp(ivos, balde, ivo, "Irmãos Ivo");
    await signUp(ottos, balde, otto, "Conta do Otto");
    const { page, check } = ottos;
    // The one-time link of the start belongs to the main job, which has used it by now.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["scripts/operator-recover.ts", otto.email, "--promote"],
      { env: { ...process.env, ...balde.environment } },
    );
    await page.goto(stdout.trim());
    await expect(headingOf(ottos)).toHaveText("Voltar como operador");
    await check();
    await page.getByLabel("Nova senha").fill(otto.password);
    await page.getByRole("button", { name: "Salvar e continuar" }).click();
    await expect(
      page.getByText("Quem trabalha para o provedor entra com verificação em duas etapas."),
    ).toBeVisible();
    await setUpSecondFactor(ottos);
    await page.getByRole("link", { name: "Já guardei, continuar" }).click();
    await expect(page).toHaveURL(`${balde.console}/admin`);
  });

  await test.step("he approves Olívia's account and rejects his own; each mail leads to the account", async () => {
    const { page, check } = ottos;
    await page.goto("/admin/accounts/grafica-da-olivia/approval");
    await page.getByRole("button", { name: "Aprovar conta" }).click();
    await expect(statusOf(ottos)).toContainText("A conta foi aprovada");
    await page.goto("/admin/accounts/conta-do-otto/rejection");
    await page.getByLabel("Causa").selectOption("information_incomplete");
    await page.getByLabel("Motivo").fill("Falta o número do telefone.");
    await page.getByRole("button", { name: "Recusar cadastro" }).click();
    await expect(statusOf(ottos)).toContainText("O cadastro foi recusado");
    await page.goto(await mailed(otto, "Sua conta Conta do Otto não foi aprovada"));
    await expect(page.getByRole("main")).toContainText("Falta o número do telefone.");
    await check();
    await olivias.page.goto(await mailed(olivia, `Sua conta ${account} foi aprovada`));
    await expect(olivias.page).toHaveURL(`${balde.console}${home}`);
  });

  await test.step("Olívia invites Nina; the link that she is shown proves nobody's address", async () => {
    const { page, check } = olivias;
    await page.goto(`${home}/members`);
    await check();
    await page.getByRole("link", { name: "Convidar alguém" }).click();
    await expect(headingOf(olivias)).toHaveText("Convidar alguém");
    await check();
    await page.getByLabel("E-mail").fill(nina.email);
    await page.getByRole("radio", { name: /^Desenvolvedor/ }).check();
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await expect(headingOf(olivias)).toHaveText(`${nina.email} recebeu um convite`);
    await check();
    const shown = (await page.locator("code.select-all").textContent()) ?? "";
    await ninas.page.goto(shown);
    await expect(ninas.page.getByText("Continue pelo link do e-mail")).toBeVisible();
    await ninas.check();
    await ninas.page.getByRole("link", { name: "Enviar o e-mail de novo" }).click();
    await expect(headingOf(ninas)).toHaveText("Enviar o e-mail de novo");
    await ninas.check();
    await page.goto(shown);
    await expect(page.getByText(`Você entrou como ${olivia.email}`)).toBeVisible();
    await check();
  });

  await test.step("sent again, the earlier mail's link is dead; by the new one Nina becomes a user and a member", async () => {
    const { page, check } = ninas;
    const subject = "Você recebeu um convite";
    const first = await mailed(nina, subject);
    await olivias.page.goto(`${home}/invitations`);
    await olivias.check();
    await olivias.page.getByRole("link", { name: `Reenviar (${nina.email})` }).click();
    await expect(headingOf(olivias)).toHaveText(`Reenviar o convite de ${nina.email}`);
    await olivias.check();
    await olivias.page.getByRole("button", { name: "Reenviar" }).click();
    await expect(headingOf(olivias)).toHaveText(`${nina.email} recebeu um convite`);
    const second = await mailed(nina, subject, first);
    await page.goto(first);
    await expect(headingOf(ninas)).toHaveText("Este link não vale mais");
    await page.goto(second);
    await expect(headingOf(ninas)).toHaveText(`Participar de ${account}`);
    await check();
    await page.getByLabel("Seu nome").fill(nina.name);
    await page.getByLabel("Senha", { exact: true }).fill(nina.password);
    await page.getByRole("button", { name: "Criar usuário e aceitar" }).click();
    await expect(page).toHaveURL(`${balde.console}${home}`);
    await expect(statusOf(ninas)).toContainText(`Boas-vindas a ${account}`);
    await check();
    await page.goto(second);
    await expect(headingOf(ninas)).toHaveText("Este link não vale mais");
  });

  await test.step("she sees buckets and creates none, until Olívia makes her an administrator", async () => {
    await ninas.page.goto(`${home}/access-keys`);
    await expect(ninas.page.getByRole("link", { name: "Criar chave de acesso" })).toHaveCount(0);
    const { page, check } = olivias;
    await page.goto(await mailed(olivia, `Nova pessoa na conta ${account}`));
    await expect(headingOf(olivias)).toHaveText("Membros");
    await check();
    await memberLink(olivias, nina).click();
    await expect(headingOf(olivias)).toHaveText(nina.name);
    await check();
    await page.getByRole("link", { name: "Mudar papel" }).click();
    await expect(headingOf(olivias)).toHaveText(`Mudar o papel de ${nina.name}`);
    await check();
    await page.getByRole("radio", { name: /^Administrador/ }).check();
    await page.getByRole("button", { name: "Mudar papel" }).click();
    await expect(statusOf(olivias)).toContainText(`${nina.name} agora tem outro papel`);
    await ninas.page.goto(await mailed(nina, `Seu papel na conta ${account} mudou`));
    await expect(ninas.page).toHaveURL(`${balde.console}${home}`);
    await ninas.page.goto(`${home}/access-keys/new`);
    await ninas.page.getByLabel("Nome", { exact: true }).fill("impressora");
    await ninas.page.getByRole("button", { name: "Criar chave de acesso" }).click();
    await expect(headingOf(ninas)).toContainText("foi criada");
    // The team stays the owners'.
    expect((await ninas.page.goto(`${home}/members`))?.status()).toBe(403);
    await ninas.check();
  });

  await test.step("Ivo, who has a user, declines; invited again, he accepts and switches between two accounts", async () => {
    const invite = async () => {
      const { page } = olivias;
      await page.goto(`${home}/invitations/new`);
      await page.getByLabel("E-mail").fill(ivo.email);
      await page.getByRole("radio", { name: /^Financeiro/ }).check();
      await page.getByRole("button", { name: "Enviar convite" }).click();
      await expect(headingOf(olivias)).toHaveText(`${ivo.email} recebeu um convite`);
    };
    const { page, check } = ivos;
    await invite();
    const first = await mailed(ivo, "Você recebeu um convite");
    await page.goto(first);
    await check();
    await page.getByRole("link", { name: "Recusar" }).click();
    await expect(headingOf(ivos)).toHaveText("Recusar o convite");
    await check();
    await page.getByRole("button", { name: "Recusar" }).click();
    await expect(statusOf(ivos)).toContainText("O convite foi recusado");
    expect(await mailed(olivia, `Convite recusado na conta ${account}`)).toBe(
      `${balde.console}${home}/members`,
    );

    await invite();
    const second = await mailed(ivo, "Você recebeu um convite", first);
    await page.goto("/accounts");
    await page.getByRole("button", { name: "Sair" }).click();
    await page.goto(second);
    await expect(page.getByText("Você já tem um usuário aqui")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Entrar", exact: true }).click();
    await logIn(ivos, ivo);
    await expect(page).toHaveURL(second);
    await page.getByRole("button", { name: "Aceitar" }).click();
    await expect(statusOf(ivos)).toContainText(`Boas-vindas a ${account}`);
    await page.getByText("Trocar de conta").click();
    await page.getByRole("link", { name: "Irmãos Ivo" }).click();
    await expect(page).toHaveURL(`${balde.console}/accounts/irmaos-ivo`);
    await page.getByText("Trocar de conta").click();
    await page.getByRole("link", { name: account }).click();
    await expect(page).toHaveURL(`${balde.console}${home}`);
    await check();
    // Who sees to the bills sees no buckets.
    expect((await page.goto(`${home}/buckets`))?.status()).toBe(403);
  });

  await test.step("an invitation that is cancelled opens nothing", async () => {
    const { page, check } = olivias;
    await page.goto(`${home}/invitations/new`);
    await page.getByLabel("E-mail").fill("engano@grafica.example");
    await page.getByRole("radio", { name: /^Auditor/ }).check();
    await page.getByRole("button", { name: "Enviar convite" }).click();
    const link = (await page.locator("code.select-all").textContent()) ?? "";
    await page.getByRole("link", { name: "Voltar aos membros" }).click();
    await page.getByRole("link", { name: "Cancelar (engano@grafica.example)" }).click();
    await expect(headingOf(olivias)).toContainText("Cancelar o convite");
    await check();
    await page.getByRole("button", { name: "Cancelar o convite" }).click();
    await expect(statusOf(olivias)).toContainText("O convite foi cancelado");
    await page.goto(link);
    await expect(headingOf(olivias)).toHaveText("Este link não vale mais");
    await check();
  });

  await test.step("what happened stands in Olívia's notifications: read one, read all, less of them from now on", async () => {
    const { page, check } = olivias;
    await page.goto("/notifications");
    // Approved; Nina joined; Ivo declined; Ivo joined.
    const unread = page.getByRole("button", { name: /^Marcar como lida ?:/ });
    await expect(unread).toHaveCount(4);
    await expect(page.getByRole("link", { name: /Notificações.*4 notificações não lidas/ })).toBeVisible();
    await check();
    await unread.filter({ hasText: nina.name }).click();
    await expect(statusOf(olivias)).toContainText("Marcada como lida");
    await expect(unread).toHaveCount(3);
    await page.getByLabel("Assunto").selectOption({ label: "Equipe" });
    await page.getByLabel("Só as não lidas").check();
    await page.getByRole("button", { name: "Mostrar" }).click();
    await expect(unread).toHaveCount(2);
    await check();
    await page.getByRole("button", { name: "Marcar todas como lidas" }).click();
    await expect(statusOf(olivias)).toContainText("Todas as notificações foram marcadas como lidas");
    await page.goto("/me/notifications");
    await check();
    await page.getByRole("checkbox", { name: "Alguém saiu da conta: no console" }).uncheck();
    await page.getByRole("button", { name: "Salvar" }).click();
    await expect(statusOf(olivias)).toContainText("Sua escolha foi salva");
    await expect(page.getByRole("checkbox", { name: "Alguém saiu da conta: no console" })).not.toBeChecked();
    await expect(page.getByRole("checkbox", { name: "Alguém saiu da conta: por e-mail" })).toBeChecked();
  });

  await test.step("as the last owner she can neither leave nor step down", async () => {
    const { page, check } = olivias;
    await page.goto(`${home}/leaving`);
    await expect(page.getByText("Você é o único proprietário")).toBeVisible();
    await check();
    await page.getByRole("link", { name: "Ir para os membros" }).click();
    await memberLink(olivias, olivia).click();
    await page.getByRole("link", { name: "Mudar papel" }).click();
    await page.getByRole("radio", { name: /^Administrador/ }).check();
    await page.getByRole("button", { name: "Mudar papel" }).click();
    await expect(page.getByRole("alert")).toContainText("A conta precisa de pelo menos um proprietário");
    await check();
  });

  await test.step("in English and dark, the pages of the team hold too", async () => {
    const { page } = olivias;
    await page.goto(`${home}/members`);
    await page.getByRole("contentinfo").getByRole("button", { name: "Escura" }).click();
    await page.getByRole("button", { name: "English" }).click();
    await expect(headingOf(olivias)).toHaveText("Members");
    const member = new URL((await memberLink(olivias, nina).getAttribute("href")) ?? "", balde.console)
      .pathname;
    await olivias.checkPages([
      `${home}/members`,
      member,
      `${member}/role`,
      `${member}/removal`,
      `${member}/ownership`,
      `${home}/leaving`,
      `${home}/invitations`,
      `${home}/invitations/new`,
      "/notifications",
      "/me/notifications",
    ]);
    await page.goto(`${home}/members`);
    await page.getByRole("button", { name: "Português" }).click();
    await expect(headingOf(olivias)).toHaveText("Membros");
  });

  await test.step("she makes Ivo the owner and is an administrator herself", async () => {
    const { page, check } = olivias;
    await memberLink(olivias, ivo).click();
    await page.getByRole("link", { name: "Tornar proprietário" }).click();
    await expect(headingOf(olivias)).toHaveText(`Dar a ${ivo.name} o papel de proprietário`);
    await check();
    await page.getByRole("radio", { name: /^Administrador/ }).check();
    await page.getByRole("button", { name: "Tornar proprietário" }).click();
    await expect(statusOf(olivias)).toContainText(`${ivo.name} agora tem o papel de proprietário`);
    expect((await page.goto(`${home}/members`))?.status()).toBe(403);
    for (const who of [ivo, olivia]) {
      expect(await mailed(who, `A conta ${account} tem novo proprietário`)).toBe(`${balde.console}${home}`);
    }
  });

  await test.step("Ivo removes Nina and the key that she made; Olívia leaves", async () => {
    const { page, check } = ivos;
    await page.goto(`${home}/members`);
    await memberLink(ivos, nina).click();
    await page.getByRole("link", { name: "Remover" }).click();
    await expect(headingOf(ivos)).toHaveText(`Remover ${nina.name} da conta`);
    await check();
    await page.getByLabel("Revogar também a chave de acesso que a pessoa criou").check();
    await page.getByRole("button", { name: "Remover da conta" }).click();
    await expect(statusOf(ivos)).toContainText(`${nina.name} não faz mais parte da conta`);
    await expect(async () => {
      await page.goto(`${home}/access-keys`);
      await expect(page.getByRole("row").filter({ hasText: "impressora" })).toContainText("Revogada", {
        timeout: 500,
      });
    }).toPass();
    expect((await ninas.page.goto(home))?.status()).toBe(404);
    expect(await mailed(nina, `Você não participa mais da conta ${account}`)).toBe(
      `${balde.console}/accounts`,
    );

    await olivias.page.goto(`${home}/leaving`);
    await olivias.check();
    await olivias.page.getByRole("button", { name: "Sair da conta" }).click();
    await expect(statusOf(olivias)).toContainText(`Você saiu de ${account}`);
    await page.goto(await mailed(ivo, `Uma pessoa saiu da conta ${account}`));
    await expect(page.getByRole("main")).not.toContainText(olivia.name);
  });

  await test.step("Nina, who is in no account any more, closes her user, and is unknown from then on", async () => {
    const { page, check } = ninas;
    await page.goto("/me/closing");
    await check();
    await page.getByLabel("Seu e-mail").fill(nina.email);
    await page.getByRole("button", { name: "Encerrar meu usuário" }).click();
    await expect(page).toHaveURL(/\/login$/);
    await expect(statusOf(ninas)).toContainText("Seu usuário foi encerrado");
    await check();
    await logIn(ninas, nina);
    await expect(page.getByRole("alert")).toContainText("O e-mail ou a senha não conferem");
  });

  await test.step("Otto invites Vera to the staff: a second factor before anything else", async () => {
    const { page, check } = ottos;
    await page.goto("/admin/users/invitations/new");
    await check();
    await page.getByLabel("E-mail").fill(vera.email);
    await page.getByRole("radio", { name: /^Suporte/ }).check();
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await expect(headingOf(ottos)).toHaveText(`${vera.email} recebeu um convite`);
    await check();
    await page.goto("/admin/users/invitations");
    await check();
    await veras.page.goto(await mailed(vera, "Convite para a equipe"));
    await veras.check();
    await veras.page.getByLabel("Seu nome").fill(vera.name);
    await veras.page.getByLabel("Senha", { exact: true }).fill(vera.password);
    await veras.page.getByRole("button", { name: "Criar usuário e aceitar" }).click();
    await expect(headingOf(veras)).toHaveText("Configurar a verificação em duas etapas");
    const { secret } = await setUpSecondFactor(veras);
    await veras.page.getByRole("link", { name: "Já guardei, continuar" }).click();
    await expect(veras.page).toHaveURL(`${balde.console}/admin`);
    await veras.check();
    await veras.checkPages(["/admin/users", "/admin/users/invitations", "/admin/mail"]);
    await veras.page.getByRole("button", { name: "Sair" }).click();
    await logIn(veras, vera);
    await calmStep();
    // The step that set the factor up is used.
    await giveCode(veras, codeOf(secret, 1));
    await expect(veras.page).toHaveURL(`${balde.console}/admin`);
  });

  await test.step("he helps a user who lost the second factor, and shuts one out and in again", async () => {
    const { page, check } = ottos;
    await page.goto(`/admin/users?q=${vera.email}`);
    await check();
    await page.getByRole("link", { name: vera.name }).click();
    await expect(headingOf(ottos)).toHaveText(vera.name);
    await check();
    const user = new URL(page.url()).pathname;
    await ottos.checkPages(
      ["role", "sessions", "password-reset", "second-factor", "disabling"].map((act) => `${user}/${act}`),
    );
    const act = async (path: string, button: string, done: string) => {
      await page.goto(`${user}/${path}`);
      await page.getByLabel("Motivo").fill("Pediu por telefone.");
      await page.getByRole("button", { name: button }).click();
      await expect(statusOf(ottos)).toContainText(done);
    };
    await act(
      "second-factor",
      "Redefinir verificação em duas etapas",
      "A verificação em duas etapas foi redefinida",
    );
    await veras.page.goto(await mailed(vera, "Sua verificação em duas etapas foi removida"));
    await expect(veras.page).toHaveURL(/\/login\?returnTo=%2Fme%2Fsecurity$/);
    await logIn(veras, vera);
    await expect(headingOf(veras)).toHaveText("Segurança");
    await veras.check();
    await act("password-reset", "Enviar o link", "O link está a caminho por e-mail");
    expect(await mailed(vera, "Redefina sua senha")).toContain("/reset-password/");
    await act("disabling", "Desativar usuário", "O usuário foi desativado");
    await check();
    await veras.page.goto("/me");
    await expect(veras.page).toHaveURL(/\/login\?returnTo=%2Fme$/);
    await act("enabling", "Reativar usuário", "O usuário foi reativado");
    await check();
  });

  await test.step("in English and dark, the pages of the staff hold too", async () => {
    const { page } = ottos;
    const user = new URL(page.url()).pathname;
    await page.getByRole("contentinfo").getByRole("button", { name: "Escura" }).click();
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.goto("/admin/mail");
    const mail = new URL(
      (await page.getByRole("table").getByRole("link").first().getAttribute("href")) ?? "",
      balde.console,
    ).pathname;
    await ottos.checkPages([
      "/admin/mail",
      mail,
      "/admin/mail/previews",
      "/admin/mail/previews/invitation",
      "/admin/users",
      user,
      `${user}/role`,
      `${user}/disabling`,
      "/admin/users/invitations",
      "/admin/users/invitations/new",
    ]);
  });
});
