// From a stranger's form to an approved account, over HTTP, and what two people do at the same moment.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { mintSignUpToken } from "#app/domain/identity/sign-up/mint-sign-up-token.ts";
import { issueSetupToken } from "#app/domain/identity/staff/setup-token.ts";
import { type Answer, newAddress, visitor } from "#tests/support/app.ts";
import { signedInStaff } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, newCpf, signIn, snapshot } from "#tests/support/scenario.ts";

const password = "uma frase bem comprida";

function form(values: Record<string, string> = {}): Record<string, string> {
  const email = `${randomBytes(6).toString("hex")}@example.test`;
  return { name: "Maria Souza", email, password, accountName: "Padaria", document: newCpf(), ...values };
}

/** Signs up and answers the path of the mailed link. */
async function signUp(fields: Record<string, string>): Promise<string> {
  const answer = await visitor().post("/signup", fields);
  expect([answer.status, answer.location]).toEqual([302, "/signup/sent"]);
  const [row] = await queryAsOwner<{ id: string }>(
    "SELECT id FROM sign_up WHERE email = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
    [fields.email?.toLowerCase()],
  );
  return mailedLink(row?.id ?? "");
}

async function mailedLink(signUpId: string): Promise<string> {
  return `/verify-email/${(await mintSignUpToken(signUpId))?.token}`;
}

const accountsOf = (email = "") =>
  queryAsOwner<{
    slug: string;
    state: string;
    rejection_cause: string | null;
    document: string;
    role: string;
  }>(
    `SELECT a.slug, a.state, a.rejection_cause, a.document, m.role FROM account a
     JOIN member m ON m.account_id = a.id JOIN "user" u ON u.id = m.user_id WHERE u.email = $1`,
    [email],
  );

const jobsOf = (queue: string, key: string, value: string) =>
  queryAsOwner("SELECT 1 FROM pgboss.job WHERE name = $1 AND data->>$2 = $3", [queue, key, value]);

const mailsTo = (userId: string) =>
  queryAsOwner<{ message: string }>("SELECT message FROM email WHERE data->>'userId' = $1 ORDER BY 1", [
    userId,
  ]);

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

describe("signing up", () => {
  test("makes a user and a pending account of their own once the link is followed, and not before", async () => {
    const fields = form();
    const link = await signUp(fields);
    expect(await queryAsOwner(`SELECT 1 FROM "user" WHERE email = $1`, [fields.email])).toEqual([]);

    const before = await snapshot();
    expect((await visitor().get(link)).status).toBe(200);
    expect(await snapshot()).toEqual(before);

    const answer = await visitor().post(link, { password });
    expect([answer.status, answer.location]).toEqual([302, "/accounts"]);
    expect(await accountsOf(fields.email)).toEqual([
      expect.objectContaining({ state: "pending", document: fields.document, role: "owner" }),
    ]);
    const who = visitor();
    expect((await who.post("/login", { email: fields.email ?? "", password })).status).toBe(302);
    expect((await who.get("/accounts")).text).toContain("Padaria");
  });

  test("6.4.1: the link works once, for a day, and its token is stored hashed", async () => {
    const fields = form();
    const link = await signUp(fields);
    const token = link.split("/").at(-1) ?? "";
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(await queryAsOwner("SELECT 1 FROM sign_up s WHERE strpos(s::text, $1) > 0", [token])).toEqual([]);

    await queryAsOwner("UPDATE sign_up SET token_expires_at = now() - interval '1 second' WHERE email = $1", [
      fields.email,
    ]);
    expect(statuses([await visitor().get(link), await visitor().post(link, { password })])).toEqual([
      422, 422,
    ]);
    const [{ hours } = { hours: 0 }] = await queryAsOwner<{ hours: number }>(
      "SELECT extract(epoch FROM token_expires_at - now())::float / 3600 AS hours FROM sign_up WHERE email = $1",
      [(await signUpFields()).email],
    );
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);

    const used = await signUp(form());
    expect((await visitor().post(used, { password })).status).toBe(302);
    expect(statuses([await visitor().get(used), await visitor().post(used, { password })])).toEqual([
      422, 422,
    ]);
  });

  async function signUpFields() {
    const fields = form();
    await signUp(fields);
    return fields;
  }

  test("a stranger's sign-up with another's address gives the stranger nothing, even if the link is followed", async () => {
    const victim = form();
    await signUp({ ...victim, password: "the stranger's own password" });
    const strangersLink = await signUp({ ...victim, password: "the stranger's own password" });
    const ownLink = await signUp(victim);
    const refused = await visitor().post(strangersLink, { password });
    expect(refused.status).toBe(422);
    expect(refused.text).not.toContain(password);
    expect(await accountsOf(victim.email)).toEqual([]);

    expect((await visitor().post(ownLink, { password })).status).toBe(302);
    const stranger = { email: victim.email ?? "", password: "the stranger's own password" };
    expect((await visitor().post("/login", stranger)).status).toBe(401);
    expect((await visitor().post(strangersLink, stranger)).status).toBe(422);
  });

  test("a wrong password leaves the link as it was", async () => {
    const link = await signUp(form());
    expect((await visitor().post(link, { password: "not the one that was chosen" })).status).toBe(422);
    expect((await visitor().post(link, { password })).status).toBe(302);
  });

  test("a mail that is sent again has the only link that works", async () => {
    const fields = form();
    const first = await signUp(fields);
    const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM sign_up WHERE email = $1", [
      fields.email,
    ]);
    const second = await mailedLink(row?.id ?? "");
    expect((await visitor().post(first, { password })).status).toBe(422);
    expect((await visitor().post(second, { password })).status).toBe(302);
  });

  test("6.3.8: tells nobody whether an address has a user: that user hears of it by mail", async () => {
    const known = await makeUser({ passwordHash: await hashPassword(password) });
    const [forKnown, forUnknown] = await Promise.all([
      visitor().post("/signup", form({ email: known.email })),
      visitor().post("/signup", form()),
    ]);
    const visible = (answer: Answer) => [
      answer.status,
      answer.location,
      answer.text,
      [...answer.headers.keys()].sort(),
    ];
    expect(visible(forKnown)).toEqual(visible(forUnknown));
    expect(await mailsTo(known.id)).toEqual([{ message: "sign-up-attempt" }]);
    expect(await queryAsOwner("SELECT 1 FROM sign_up WHERE email = $1", [known.email])).toEqual([]);
  });

  test("tells nobody whether a document has an account: the owner learns it once their address is proved", async () => {
    const taken = await makeAccount();
    const fields = form({ document: taken.document });
    expect((await visitor().post(await signUp(fields), { password })).status).toBe(302);
    expect(await accountsOf(fields.email)).toEqual([
      expect.objectContaining({ state: "rejected", rejection_cause: "document_taken" }),
    ]);
  });

  test.each([
    ["12.ABC.345/01DE-35", "12ABC34501DE35"],
    ["abcdefghijkl80", "ABCDEFGHIJKL80"],
    [" 529.982.247-25 ", "52998224725"],
  ])("takes the document %s and keeps it bare", async (typed, bare) => {
    const fields = form({ document: typed });
    await visitor().post(await signUp(fields), { password });
    expect((await accountsOf(fields.email))[0]?.document).toBe(bare);
  });

  test("says what is wrong beside each field, keeps what was typed but the password, and writes nothing", async () => {
    const before = await snapshot();
    const wrong = {
      name: "",
      email: "maria@",
      password: "elevenchars",
      accountName: "x",
      document: "529.982.247-24",
    };
    const answer = await visitor().post("/signup", wrong, { "Accept-Language": "en" });
    expect(answer.status).toBe(400);
    for (const words of [
      "Fill this in",
      "Enter an e-mail address",
      "Use 12 characters or more",
      "Enter a valid CPF or CNPJ",
    ])
      expect(answer.text).toContain(words);
    expect(answer.text).toContain('value="maria@"');
    expect(answer.text).toContain('value="529.982.247-24"');
    expect(answer.text).not.toContain("elevenchars");
    expect(await snapshot()).toEqual(before);
  });

  test.each([
    ["6.2.4: a common one", "Password1234!", "among the first that attackers try"],
    ["6.2.11: one made of what the form says", "padaria maria 1", "little more than your name"],
    ["6.2.1: a short one", "elevenchars", "Use 12 characters or more"],
  ])("%s is refused as a password, beside its field", async (_, weak, words) => {
    const before = await snapshot();
    const answer = await visitor().post("/signup", form({ password: weak }), { "Accept-Language": "en" });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(new RegExp(`id="[^"]*password-error"[^>]*>.*?${words}`, "s"));
    expect(answer.text).not.toContain(weak);
    expect(await snapshot()).toEqual(before);
  });

  test("6.3.1: mails to one address are limited, whoever asks, and those from one network", async () => {
    const email = `${randomBytes(6).toString("hex")}@example.test`;
    const answers = [];
    for (let round = 0; round < 6; round++) answers.push(await visitor().post("/signup", form({ email })));
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 302, 302, 429]);
    expect(Number(answers[5]?.headers.get("Retry-After"))).toBeGreaterThan(3_000);
    expect(await queryAsOwner("SELECT 1 FROM sign_up WHERE email = $1", [email])).toHaveLength(5);

    const address = newAddress();
    const fromOne = await Promise.all(
      Array.from({ length: 32 }, () => visitor(undefined, address).post("/signup", form())),
    );
    expect(statuses(fromOne).filter((status) => status === 429)).toHaveLength(2);
  });

  test("15.3.3: fields that the form does not have change nothing", async () => {
    const fields = form({ providerRole: "operator", state: "active", role: "admin", locale: "xx", id: "1" });
    await visitor().post(await signUp(fields), { password });
    expect((await accountsOf(fields.email))[0]).toMatchObject({ state: "pending", role: "owner" });
    const [user] = await queryAsOwner(`SELECT provider_role, locale FROM "user" WHERE email = $1`, [
      fields.email,
    ]);
    expect(user).toEqual({ provider_role: null, locale: "pt-BR" });
  });
});

describe("at the same moment", () => {
  test("a link that is followed twice makes one account", async () => {
    for (let round = 0; round < 5; round++) {
      const fields = form();
      const link = await signUp(fields);
      const answers = await Promise.all([
        visitor().post(link, { password }),
        visitor().post(link, { password }),
        visitor().post(link, { password }),
      ]);
      expect(statuses(answers)).toEqual([302, 422, 422]);
      expect(await accountsOf(fields.email)).toHaveLength(1);
    }
  });

  test("two sign-ups for one address, both confirmed, make one user", async () => {
    for (let round = 0; round < 8; round++) {
      const fields = form();
      const links = [await signUp(fields), await signUp({ ...fields, document: newCpf() })];
      const answers = await Promise.all(links.map((link) => visitor().post(link, { password })));
      expect(statuses(answers)).toEqual([302, 422]);
      expect(await accountsOf(fields.email)).toHaveLength(1);
    }
  });

  test("two strangers with one document: one account stands, the other is told", async () => {
    const document = newCpf();
    const both = [form({ document }), form({ document })];
    const links = [await signUp(both[0] ?? {}), await signUp(both[1] ?? {})];
    expect(statuses(await Promise.all(links.map((link) => visitor().post(link, { password }))))).toEqual([
      302, 302,
    ]);
    const states = await queryAsOwner<{ state: string }>(
      "SELECT state FROM account WHERE document = $1 ORDER BY state",
      [document],
    );
    expect(states).toEqual([{ state: "pending" }, { state: "rejected" }]);
  });

  test("accounts of one name all get an address of their own", async () => {
    const accountName = `Loja ${randomBytes(4).toString("hex")}`;
    const people = await Promise.all([1, 2, 3].map(async () => visitor(await signIn(await makeUser()))));
    const answers = await Promise.all(
      people.map((who) => who.post("/accounts/new", { accountName, document: newCpf() })),
    );
    expect(statuses(answers)).toEqual([302, 302, 302]);
    expect(new Set(answers.map(({ location }) => location)).size).toBe(3);
  });

  test("a further account with a document that is taken: said on the field, in HTML and in JSON", async () => {
    const taken = await makeAccount();
    const who = visitor(await signIn(await makeUser()));
    const fields = { accountName: "Padaria", document: taken.document };
    const page = await who.post("/accounts/new", fields);
    expect(page.status).toBe(409);
    expect(page.text).toMatch(
      /aria-invalid="true"[^>]*name="document"|name="document"[^>]*aria-invalid="true"/,
    );
    const json = await who.json("/api/accounts", fields);
    expect(json.status).toBe(409);
    expect(json.json()).toMatchObject({ code: "document-taken", errors: [{ field: "document" }] });

    const document = newCpf();
    const answers = await Promise.all(
      [1, 2, 3].map(() => who.json("/api/accounts", { accountName: "Padaria", document })),
    );
    expect(statuses(answers)).toEqual([201, 409, 409]);
  });
});

describe("the decision", () => {
  async function pendingAccount() {
    const account = await makeAccount({ state: "pending" });
    const owner = await makeMember(account, "owner");
    const operators = await Promise.all([1, 2].map(() => signedInStaff("operator")));
    return { account, owner, operators };
  }

  test("two approvals at once: one wins, and the account is provisioned once", async () => {
    const { account, owner, operators } = await pendingAccount();
    const answers = await Promise.all([
      ...operators.map((operator) => operator.post(`/admin/accounts/${account.slug}/approval`)),
      ...operators.map((operator) => operator.json(`/api/admin/accounts/${account.id}/approve`)),
    ]);
    expect(statuses(answers).map((status) => (status < 400 ? "done" : status))).toEqual([
      "done",
      409,
      409,
      409,
    ]);
    expect(await jobsOf("provision-account", "accountId", account.id)).toHaveLength(1);
    expect(await mailsTo(owner.id)).toEqual([{ message: "account-approved" }]);
    const events = await queryAsOwner(
      "SELECT outcome, code FROM audit_event WHERE account_id = $1 AND action = 'accounts:approve' ORDER BY outcome, code",
      [account.id],
    );
    const refused = { outcome: "refused", code: "already-decided" };
    expect(events).toEqual([{ outcome: "succeeded", code: null }, refused, refused, refused]);
  });

  test("an approval and a rejection at once: one wins, and one mail is sent", async () => {
    const { account, owner, operators } = await pendingAccount();
    const answers = await Promise.all([
      operators[0]?.post(`/admin/accounts/${account.slug}/approval`),
      operators[1]?.post(`/admin/accounts/${account.slug}/rejection`, {
        cause: "other",
        reason: "Falta um papel.",
      }),
    ]);
    expect(statuses(answers as Answer[])).toEqual([302, 409]);
    expect(await mailsTo(owner.id)).toHaveLength(1);
  });

  test("a rejection needs a cause and a reason; the owner reads it, corrects, and waits again", async () => {
    const { account, owner, operators } = await pendingAccount();
    const path = `/admin/accounts/${account.slug}/rejection`;
    expect((await operators[0]?.post(path, { cause: "other" }))?.status).toBe(400);
    expect((await operators[0]?.post(path, { cause: "because", reason: "x" }))?.status).toBe(400);
    expect((await operators[0]?.post(path, { cause: "other", reason: "Falta um <papel>." }))?.status).toBe(
      302,
    );

    const who = visitor(await signIn(owner));
    expect((await who.get(`/accounts/${account.slug}`)).text).toContain("Falta um &lt;papel&gt;.");
    const corrected = { accountName: "Padaria Nova", document: newCpf() };
    const answers = await Promise.all(
      [1, 2].map(() => who.post(`/accounts/${account.slug}/registration`, corrected)),
    );
    expect(statuses(answers)[0]).toBe(302);
    expect(statuses(answers)[1]).toBeOneOf([409, 422]);
    const [row] = await queryAsOwner("SELECT state, name, rejection_reason FROM account WHERE id = $1", [
      account.id,
    ]);
    expect(row).toEqual({ state: "pending", name: "Padaria Nova", rejection_reason: null });
  });
});

describe("6.3.2: the first operator comes by a link", () => {
  const fields = () => ({
    name: "Ana Operadora",
    email: `${randomBytes(6).toString("hex")}@example.test`,
    password,
  });
  const operators = () => queryAsOwner(`SELECT id FROM "user" WHERE provider_role = 'operator'`);
  const withoutOperators = () =>
    queryAsOwner(`UPDATE "user" SET provider_role = NULL WHERE provider_role = 'operator'`);

  test("that dies when used, and of two uses at once one makes an operator", async () => {
    await withoutOperators();
    const link = `/setup/${await issueSetupToken()}`;
    expect((await visitor().get(link)).status).toBe(200);
    expect((await visitor().post(link, { ...fields(), password: "short" })).status).toBe(400);

    const people = [visitor(), visitor(), visitor()];
    const answers = await Promise.all(people.map((who) => who.post(link, fields())));
    expect(statuses(answers)).toEqual([302, 422, 422]);
    expect(await operators()).toHaveLength(1);

    const winner = people[answers.findIndex(({ status }) => status === 302)];
    // 6.3.3: nothing to operate before there is a second factor.
    expect((await winner?.get("/admin"))?.location).toBe("/me/security/second-factor/new?returnTo=%2Fadmin");
    expect(statuses([await visitor().get(link), await visitor().post(link, fields())])).toEqual([422, 422]);
    expect(await issueSetupToken()).toBeNull();
  });

  test("even where two links are about", async () => {
    await withoutOperators();
    const first = await issueSetupToken();
    await queryAsOwner("CREATE TABLE kept AS SELECT * FROM setup_token WHERE used_at IS NULL");
    const second = await issueSetupToken();
    expect((await visitor().get(`/setup/${first}`)).status).toBe(422);
    await queryAsOwner("INSERT INTO setup_token SELECT * FROM kept");
    await queryAsOwner("DROP TABLE kept");
    const answers = await Promise.all(
      [first, second].map((token) => visitor().post(`/setup/${token}`, fields())),
    );
    expect(statuses(answers)).toEqual([302, 422]);
    expect(await operators()).toHaveLength(1);
  });

  test("of a day", async () => {
    await withoutOperators();
    const link = `/setup/${await issueSetupToken()}`;
    await queryAsOwner(
      "UPDATE setup_token SET expires_at = now() - interval '1 second' WHERE used_at IS NULL",
    );
    expect(statuses([await visitor().get(link), await visitor().post(link, fields())])).toEqual([422, 422]);
  });
});
