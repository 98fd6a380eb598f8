// The provider's pages about users and its staff, and the way back in that the server's shell opens.
import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemContext } from "#app/domain/context.ts";
import { issueRecoveryLink } from "#app/domain/identity/staff/recover-operator.ts";
import { type Visitor, visitor } from "#tests/support/app.ts";
import { signedInMember, signedInStaff } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeAccount,
  makeMember,
  makeUser,
  signIn,
  snapshot,
  type TestUser,
} from "#tests/support/scenario.ts";

const reason = "chamado 1234";

let operator: TestUser;
let asOperator: Visitor;
let user: TestUser;
/** Who is there once the migrations have run. */
let usersAtFirst: object[];

test("6.3.2: a new installation has no account that anybody could sign in to", async () => {
  expect(usersAtFirst).toEqual([]);
  for (const email of ["admin", "admin@localhost", "operator@localhost", "root@localhost"]) {
    const answer = await visitor().post("/login", { email, password: "admin admin admin" });
    expect([answer.status, answer.location]).toEqual([401, null]);
  }
});

beforeAll(async () => {
  usersAtFirst = await queryAsOwner('SELECT email FROM "user"');
  operator = await makeUser({ providerRole: "operator" });
});
beforeEach(async () => {
  asOperator = visitor(await signIn(operator));
  user = await makeUser();
});

const disabledAt = async ({ id }: TestUser) =>
  (await queryAsOwner<{ disabled_at: Date | null }>('SELECT disabled_at FROM "user" WHERE id = $1', [id]))[0]
    ?.disabled_at;
const roleOf = async ({ id }: TestUser) =>
  (
    await queryAsOwner<{ role: string | null }>('SELECT provider_role AS role FROM "user" WHERE id = $1', [
      id,
    ])
  )[0]?.role;

async function makeStaffInvitation(): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO invitation (id, email, provider_role, locale, invited_by_id, expires_at)
     VALUES ($1, $2, 'support', 'en', $3, now() + interval '1 day')`,
    [id, `${id}@example.test`, operator.id],
  );
  return id;
}

interface Action {
  path: () => Promise<string>;
  fields?: Record<string, string>;
  /** What an operator's form leads to. */
  status: number;
  /** Asks again who somebody is, after 15 minutes. */
  recent: boolean;
}

const ofUser = (name: string) => async () => `/admin/users/${user.id}/${name}`;
const actions: Record<string, Action> = {
  role: { path: ofUser("role"), fields: { role: "support", reason }, status: 302, recent: true },
  sessions: { path: ofUser("sessions"), fields: { sessionId: "", reason }, status: 302, recent: false },
  "password-reset": { path: ofUser("password-reset"), fields: { reason }, status: 302, recent: true },
  "second-factor": {
    path: async () => {
      await giveSecondFactor(user);
      return `/admin/users/${user.id}/second-factor`;
    },
    fields: { reason },
    status: 302,
    recent: true,
  },
  disabling: { path: ofUser("disabling"), fields: { reason }, status: 302, recent: true },
  enabling: {
    path: async () => {
      await queryAsOwner('UPDATE "user" SET disabled_at = now() WHERE id = $1', [user.id]);
      return `/admin/users/${user.id}/enabling`;
    },
    fields: { reason },
    status: 302,
    recent: true,
  },
  "invitations/new": {
    path: async () => "/admin/users/invitations/new",
    fields: { email: "colega@example.test", providerRole: "support" },
    status: 201,
    recent: true,
  },
  "invitations/resending": {
    path: async () => `/admin/users/invitations/${await makeStaffInvitation()}/resending`,
    status: 200,
    recent: true,
  },
  "invitations/cancellation": {
    path: async () => `/admin/users/invitations/${await makeStaffInvitation()}/cancellation`,
    status: 302,
    recent: false,
  },
};

describe.each(Object.entries(actions))("%s", (_, { path, fields, status, recent }) => {
  test("is an operator's", async () => {
    const page = await path();
    expect((await asOperator.get(page)).status).toBe(200);
    expect((await asOperator.post(page, fields)).status).toBe(status);
  });

  test("is nobody else's", async () => {
    const page = await path();
    const account = await makeAccount();
    const others: [Visitor, number][] = [
      [await signedInStaff("support"), 403],
      [await signedInStaff("auditor"), 403],
      [await signedInMember(account, "owner"), 403],
      [visitor(await signIn(user)), (await disabledAt(user)) ? 302 : 403],
      [visitor(), 302],
    ];
    const before = await snapshot();
    for (const [who, expected] of others) {
      for (const answer of [await who.get(page), await who.post(page, fields)]) {
        expect([answer.status, answer.location?.split("?")[0]]).toEqual([
          expected,
          expected === 302 ? "/login" : undefined,
        ]);
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  test("7.5.1: asks again who the operator is, before the form and not after", async () => {
    const page = await path();
    await queryAsOwner(
      "UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE user_id = $1",
      [operator.id],
    );
    const answer = await asOperator.get(page);
    const expected = recent ? `/reauthentication?returnTo=${encodeURIComponent(page)}` : null;
    expect(answer.location).toBe(expected);
    if (!recent) return;
    const before = await snapshot();
    expect((await asOperator.post(page, fields)).location).toContain("/reauthentication");
    // Nothing was done; what was typed is kept.
    const { "public.form_draft": _, ...after } = await snapshot();
    expect(before).toMatchObject(after);
  });
});

describe("what is done to a user", () => {
  test("7.4.2: a disabled user is out with the next request, on pages and under /api, and in again when enabled", async () => {
    const person = visitor(await signIn(user));
    const elsewhere = visitor(await signIn(user));
    expect((await person.get("/accounts")).status).toBe(200);
    const disabled = await asOperator.post(`/admin/users/${user.id}/disabling`, { reason });
    expect(disabled.location).toBe(`/admin/users/${user.id}`);
    expect((await asOperator.get(disabled.location ?? "")).text).toContain("Desativado");
    for (const visit of [person, elsewhere]) {
      expect((await visit.get("/accounts")).location).toContain("/login");
      expect((await visit.get("/api/accounts")).status).toBe(401);
    }
    await asOperator.post(`/admin/users/${user.id}/enabling`, { reason });
    expect((await person.get("/accounts")).location).toContain("/login");
    expect((await visitor(await signIn(user)).get("/accounts")).status).toBe(200);
  });

  test("7.4.5, 7.5.2: an operator sees somebody's sessions and ends one, or all", async () => {
    const [one, other, third] = [
      visitor(await signIn(user)),
      visitor(await signIn(user)),
      visitor(await signIn(user)),
    ];
    const page = `/admin/users/${user.id}/sessions`;
    const ids = [...(await asOperator.get(page)).text.matchAll(/name="sessionId"[^>]*value="([^"]+)"/g)];
    expect(ids).toHaveLength(3);
    await asOperator.post(page, { sessionId: ids[0]?.[1] ?? "", reason });
    const states = async () =>
      Promise.all([one, other, third].map(async (visit) => (await visit.get("/accounts")).status));
    expect((await states()).toSorted()).toEqual([200, 200, 302]);
    // Of somebody else's session, this page knows nothing.
    const stranger = await makeUser();
    const theirs = visitor(await signIn(stranger));
    const [foreign] = await queryAsOwner<{ id: string }>("SELECT id FROM session WHERE user_id = $1", [
      stranger.id,
    ]);
    expect((await asOperator.post(page, { sessionId: foreign?.id ?? "", reason })).status).toBe(404);
    expect((await theirs.get("/accounts")).status).toBe(200);

    await asOperator.post(page, { sessionId: "", reason });
    expect(await states()).toEqual([302, 302, 302]);
  });

  test("asks for a reason, and keeps what else was typed", async () => {
    const answer = await asOperator.post(`/admin/users/${user.id}/role`, { role: "auditor" });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<input[^>]*checked=""[^>]*value="auditor"|value="auditor"[^>]*checked=""/);
    expect(await roleOf(user)).toBeNull();
  });

  test("an operator cannot shut themselves out, nor the last one give the role away", async () => {
    const self = await asOperator.post(`/admin/users/${operator.id}/disabling`, { reason });
    expect([self.status, self.text]).toEqual([
      422,
      expect.stringContaining("Você não pode fazer isto consigo"),
    ]);
    await queryAsOwner(`UPDATE "user" SET provider_role = NULL WHERE id <> $1`, [operator.id]);
    const last = await asOperator.post(`/admin/users/${operator.id}/role`, { role: "none", reason });
    expect([last.status, last.text]).toEqual([422, expect.stringContaining("Este é o último operador")]);
    expect(await roleOf(operator)).toBe("operator");
  });

  test("whoever gives the role up loses the operators' pages and keeps their own", async () => {
    const account = await makeAccount();
    const both = await makeMember(account, "owner");
    await queryAsOwner(`UPDATE "user" SET provider_role = 'operator' WHERE id = $1`, [both.id]);
    await giveSecondFactor(both);
    const visit = visitor(await signIn(both));
    expect((await visit.get("/admin/users")).status).toBe(200);
    expect((await visit.get(`/accounts/${account.slug}`)).status).toBe(200);
    const answer = await visit.post(`/admin/users/${both.id}/role`, { role: "none", reason });
    expect(answer.location).toBe("/");
    expect((await visit.get("/")).location).toBe("/accounts");
    expect((await visit.get("/admin/users")).status).toBe(403);
    expect((await visit.get(`/accounts/${account.slug}`)).status).toBe(200);
  });
});

describe("the pages", () => {
  test("list, filter and find users, and give them as CSV", async () => {
    await queryAsOwner(`UPDATE "user" SET name = '=HYPERLINK("x")' WHERE id = $1`, [user.id]);
    const support = await signedInStaff("support");
    const page = await support.get(`/admin/users?q=${encodeURIComponent(user.email)}`);
    expect(page.text).toContain(user.email);
    expect(page.text).not.toContain(operator.email);
    expect(page.text).not.toContain("/admin/users/invitations/new");
    expect((await support.get("/admin/users?state=staff")).text).not.toContain(user.email);
    const csv = await support.get(`/admin/users.csv?q=${encodeURIComponent(user.email)}`);
    expect(csv.headers.get("Content-Type")).toContain("text/csv");
    expect(csv.text.split("\r\n")).toEqual([
      "id,name,email,state,staff_role,accounts,second_factor,last_seen_at,created_at",
      expect.stringMatching(new RegExp(`^${user.id},"'=HYPERLINK\\(""x""\\)",${user.email},active,,0,no,,`)),
      "",
    ]);
  });

  test("show support a user without anything to do", async () => {
    const text = (await (await signedInStaff("support")).get(`/admin/users/${user.id}`)).text;
    expect(text).toContain(user.email);
    for (const action of ["role", "sessions", "password-reset", "second-factor", "disabling"])
      expect(text).not.toContain(`/admin/users/${user.id}/${action}`);
  });

  test("lead from an account to its people", async () => {
    const account = await makeAccount();
    const owner = await makeMember(account, "owner");
    expect((await asOperator.get(`/admin/accounts/${account.slug}`)).text).toContain(
      `/admin/users/${owner.id}`,
    );
    expect((await asOperator.get(`/admin/users/${owner.id}`)).text).toContain(
      `/admin/accounts/${account.slug}`,
    );
  });

  test("show the provider's auditor no error and nothing that is not theirs", async () => {
    const auditor = await signedInStaff("auditor");
    expect((await auditor.get("/")).location).toBe("/admin");
    const overview = await auditor.get("/admin");
    expect(overview.status).toBe(200);
    expect(overview.text).toContain("Você é auditor");
    expect(overview.text).not.toMatch(/href="\/admin\/(accounts|users|usage|reconciliation)/);
    for (const page of [
      "/admin/users",
      `/admin/users/${user.id}`,
      "/admin/users.csv",
      "/admin/users/invitations",
    ])
      expect((await auditor.get(page)).status).toBe(403);
  });
});

describe("invitations to the staff", () => {
  test("show their link once, send a new one and take it back", async () => {
    const email = `${randomUUID()}@example.test`;
    const invite = () => asOperator.post("/admin/users/invitations/new", { email, providerRole: "auditor" });
    const first = await invite();
    const linkIn = (text: string) =>
      /http:\/\/localhost:3000(\/invitations\/[\w-]{43})/.exec(text)?.[1] ?? "";
    expect(first.headers.get("Cache-Control")).toBe("no-store");
    expect((await visitor().get(linkIn(first.text))).status).toBe(200);
    const again = await invite();
    expect([again.status, linkIn(again.text)]).toEqual([409, ""]);

    const list = await asOperator.get("/admin/users/invitations");
    expect(list.text).toContain(email);
    const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM invitation WHERE email = $1", [email]);
    const resent = await asOperator.post(`/admin/users/invitations/${row?.id}/resending`);
    expect((await visitor().get(linkIn(first.text))).status).toBe(422);
    expect((await visitor().get(linkIn(resent.text))).status).toBe(200);
    await asOperator.post(`/admin/users/invitations/${row?.id}/cancellation`);
    expect((await visitor().get(linkIn(resent.text))).status).toBe(422);
    expect((await asOperator.get("/admin/users/invitations")).text).not.toContain(email);
  });

  test("an invitation to an account is none of theirs", async () => {
    const account = await makeAccount();
    const id = randomUUID();
    await queryAsOwner(
      `INSERT INTO invitation (id, account_id, email, role, locale, expires_at) VALUES ($1, $2, 'x@example.test', 'admin', 'en', now() + interval '1 day')`,
      [id, account.id],
    );
    for (const act of ["resending", "cancellation"]) {
      expect((await asOperator.get(`/admin/users/invitations/${id}/${act}`)).status).toBe(404);
      expect((await asOperator.post(`/admin/users/invitations/${id}/${act}`)).status).toBe(404);
    }
  });
});

describe("the way back in", () => {
  const password = "uma frase comprida e só minha";
  const linkFor = async (who: TestUser) => {
    const context = systemContext("operator-recover", null, randomUUID());
    return `/recovery/${(await issueRecoveryLink(context, { email: who.email, promote: true })).token}`;
  };

  test("6.3.3, 6.4.1: a link works once, and leads to a new second factor before anything else", async () => {
    const lost = await makeUser({ providerRole: "operator" });
    const old = visitor(await signIn(lost));
    const link = await linkFor(lost);
    const visit = visitor();
    for (let look = 0; look < 2; look++) {
      const page = await visit.get(link);
      expect([page.status, page.text]).toEqual([200, expect.stringContaining(lost.email)]);
    }
    const answer = await visit.post(link, { password });
    expect(answer.location).toBe("/me/security/second-factor/new?returnTo=%2Fadmin");
    expect((await visit.get("/me")).status).toBe(200);
    expect((await visit.get("/admin")).location).toContain("/me/security/second-factor/new");
    expect((await old.get("/me")).location).toContain("/login");

    expect((await visitor().get(link)).status).toBe(422);
    const twice = await visitor().post(link, { password: `${password}!` });
    expect([twice.status, twice.location]).toEqual([422, null]);
    const login = await visitor().post("/login", { email: lost.email, password });
    expect(login.status).toBe(302);
  });

  test("a weak password leaves the link as it was", async () => {
    const link = await linkFor(await makeUser());
    const weak = await visitor().post(link, { password: "short" });
    expect([weak.status, weak.text]).toEqual([400, expect.stringContaining("12")]);
    expect((await visitor().post(link, { password: "password1234" })).status).toBe(400);
    expect((await visitor().post(link, { password })).status).toBe(302);
  });

  test("a link that was never made opens nothing", async () => {
    expect((await visitor().get(`/recovery/${"A".repeat(43)}`)).status).toBe(422);
    expect((await visitor().post(`/recovery/${"A".repeat(43)}`, { password })).status).toBe(422);
  });
});
