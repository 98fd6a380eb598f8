import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Context } from "#app/domain/context.ts";
import { closeMailer } from "#app/ports/mailer.server.ts";
import type { JobData } from "#app/ports/queues.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeTenancy, makeUser } from "#tests/support/scenario.ts";
import { findSignUp } from "../identity/find-sign-up.ts";
import { signUp } from "../identity/sign-up.ts";
import { sendMessage } from "./send-message.ts";

// The settings are read when the first module that needs them is imported: this runs before any import.
const port = await vi.hoisted(async () => {
  const { freePort } = await import("#tests/support/postgres.ts");
  const free = await freePort();
  process.env.SMTP_URL = `smtp://127.0.0.1:${free}`;
  return free;
});

// Every message as its reader gets it: from the rows it is about, over real SMTP, in the reader's language.
const received: ParsedMail[] = [];
let refuse: { code: number } | undefined;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo(_address, _session, done) {
    if (refuse) done(Object.assign(new Error("no"), { responseCode: refuse.code }));
    else done();
  },
  onData(stream, _session, done) {
    simpleParser(stream).then((mail) => received.push(mail) && done(), done);
  },
});

const send = (message: JobData["send-email"], id: string = randomUUID()) => sendMessage(message, id);

beforeAll(async () => {
  server.listen(port, "127.0.0.1");
  await once(server.server, "listening");
});
afterAll(async () => {
  closeMailer();
  await new Promise<void>((closed) => server.close(closed));
});
beforeEach(() => {
  received.length = 0;
  refuse = undefined;
});

const stranger: Context = {
  actor: { kind: "anonymous" },
  accountId: null,
  access: { providerRole: null, memberRole: null, accountState: null },
  origin: { requestId: "r", address: null, userAgent: null },
  locale: "pt-BR",
};

/** What a mail holds that a test asks about. */
function only() {
  expect(received).toHaveLength(1);
  const [mail] = received;
  const to = mail?.to && !Array.isArray(mail.to) ? mail.to.text : "";
  return { to, subject: mail?.subject ?? "", text: mail?.text ?? "", messageId: mail?.messageId ?? "" };
}

describe("sign-up", () => {
  const form = {
    name: "Zé",
    email: "ze@example.test",
    password: "uma frase bem comprida",
    accountName: "Zé Ltda",
    document: "529.982.247-25",
  };

  test("the link in the mail is the one that confirms, and only the newest", async () => {
    await signUp(stranger, form);
    const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM sign_up");
    const links: string[] = [];
    for (let sent = 0; sent < 2; sent += 1) {
      received.length = 0;
      await send({ message: "verify-email", signUpId: row?.id ?? "" }, "same-job");
      const mail = only();
      expect(mail).toMatchObject({ to: form.email, messageId: expect.stringContaining("<same-job@") });
      expect(mail.subject).toMatch(/Confirme/);
      links.push(/verify-email\/(\S+)/.exec(mail.text)?.[1] ?? "");
    }
    expect(await findSignUp(links[0] ?? "")).toBeNull();
    expect(await findSignUp(links[1] ?? "")).toMatchObject({ email: form.email });
  });

  test("a sign-up that is gone sends nothing", async () => {
    await send({ message: "verify-email", signUpId: randomUUID() });
    expect(received).toHaveLength(0);
  });

  test("who has the address already is told, and nobody else's words are in it", async () => {
    const user = await makeUser({ locale: "en" });
    await send({ message: "sign-up-attempt", userId: user.id });
    expect(only()).toMatchObject({ to: user.email, subject: expect.stringContaining("already signed up") });
  });
});

describe("decisions about an account", () => {
  async function makeCase(state: "pending" | "approved" | "rejected", reason: string | null = null) {
    const account = await makeAccount({ state });
    const owner = await makeMember(account, "owner");
    await queryAsOwner("UPDATE account SET name = 'Padaria São João', rejection_reason = $2 WHERE id = $1", [
      account.id,
      reason,
    ]);
    return { account, owner };
  }

  test("operators are told of one that waits, while it does", async () => {
    const operator = await makeUser({ providerRole: "operator", locale: "en" });
    const { account } = await makeCase("pending");
    await send({ message: "account-submitted", accountId: account.id, userId: operator.id });
    const mail = only();
    expect(mail.to).toBe(operator.email);
    expect(mail.text).toContain(`/admin/accounts/${account.slug}`);

    received.length = 0;
    await queryAsOwner("UPDATE account SET state = 'approved' WHERE id = $1", [account.id]);
    await send({ message: "account-submitted", accountId: account.id, userId: operator.id });
    expect(received).toHaveLength(0);
  });

  test("the owner reads of the approval", async () => {
    const { account, owner } = await makeCase("approved");
    await send({ message: "account-approved", accountId: account.id, userId: owner.id });
    const mail = only();
    expect(mail.to).toBe(owner.email);
    expect(mail.text).toContain("Padaria São João");
    expect(mail.text).toContain(`/accounts/${account.slug}`);
  });

  test("the owner reads the reason of a rejection; one that was corrected meanwhile sends nothing", async () => {
    const { account, owner } = await makeCase("rejected", "O CNPJ está baixado.\nEnvie outro.");
    await send({ message: "account-rejected", accountId: account.id, userId: owner.id });
    expect(only().text).toContain("O CNPJ está baixado.\nEnvie outro.");

    received.length = 0;
    await queryAsOwner("UPDATE account SET rejection_reason = NULL WHERE id = $1", [account.id]);
    await send({ message: "account-rejected", accountId: account.id, userId: owner.id });
    expect(received).toHaveLength(0);
  });
});

test("owners are told of what was changed without the console, while anything waits for them", async () => {
  const { account, finding } = await makeTenancy();
  const owner = await makeMember(account, "owner");
  const message = { message: "storage-changed-elsewhere", accountId: account.id, userId: owner.id } as const;
  await send(message);
  const mail = only();
  expect(mail.to).toBe(owner.email);
  expect(mail.text).toContain(`/accounts/${account.slug}/reconciliation`);

  received.length = 0;
  await queryAsOwner("UPDATE finding SET state = 'adopting' WHERE id = $1", [finding]);
  await send(message);
  expect(received).toHaveLength(0);
});

describe("the mail server", () => {
  test("refuses for now: thrown, so that the job tries again", async () => {
    const user = await makeUser();
    refuse = { code: 451 };
    await expect(send({ message: "sign-up-attempt", userId: user.id })).rejects.toMatchObject({
      transient: true,
    });
  });

  test("refuses the reader for good: given up", async () => {
    const user = await makeUser();
    refuse = { code: 550 };
    await send({ message: "sign-up-attempt", userId: user.id });
    expect(received).toHaveLength(0);
  });
});
