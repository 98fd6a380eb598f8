// Who gets in, by a table over every address of app/routes.ts: a new route is held to it by being there.
// ASVS 8.2.1, 8.2.2, 8.4.1: function and tenant access, checked on the server for every call.
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Visitor, visitor } from "#tests/support/app.ts";
import { postNothing, signedInMember, signedInStaff } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { type Address, addresses, fill, isOpen } from "#tests/support/routes.ts";
import { makeMember, makeTenancy, namesOf, signIn, snapshot, type Tenancy } from "#tests/support/scenario.ts";

const guarded = addresses.filter((address) => !isOpen(address));
const ofAccounts = guarded.filter(({ area }) => area === "account");
const ofProvider = guarded.filter(({ area }) => area === "provider");

let victim: Tenancy;
let own: Tenancy;
let attacker: Visitor;
let attackerId: string;
let operator: Visitor;

beforeAll(async () => {
  victim = await makeTenancy();
  own = await makeTenancy();
  const user = await makeMember(own.account, "owner");
  attackerId = user.id;
  attacker = visitor(await signIn(user));
  operator = await signedInStaff("operator");
});

test("the table holds every area", () => {
  expect(addresses.length).toBeGreaterThan(25);
  expect(ofAccounts.length).toBeGreaterThan(2);
  expect(ofProvider.length).toBeGreaterThan(5);
  expect(guarded.some(({ isApi }) => isApi)).toBe(true);
});

describe("a stranger is sent to sign in", () => {
  test.each(guarded.map((address) => [address.pattern, address] as const))("%s", async (_, address) => {
    const path = fill(address.pattern, namesOf(victim, address.isApi));
    const before = await snapshot();
    for (const answer of [await visitor().get(path), await postNothing(visitor(), address, path)]) {
      if (address.isApi) expectProblem(answer, 401, "unauthenticated");
      else expect([answer.status, answer.location?.split("?")[0]]).toEqual([302, "/login"]);
    }
    expect(await snapshot()).toEqual(before);
  });

  test("and comes back afterwards to the page that they asked for", async () => {
    const answer = await visitor().get(`/accounts/${own.account.slug}?page=2`);
    expect(answer.location).toBe(
      `/login?returnTo=${encodeURIComponent(`/accounts/${own.account.slug}?page=2`)}`,
    );
  });
});

describe("what belongs to another tenant does not exist", () => {
  const cases = ofAccounts.flatMap((address) =>
    address.params.map((param) => [`:${param} of ${address.pattern}`, address, param] as const),
  );

  test.each(cases)("%s", async (_, address, param) => {
    const before = await snapshot();
    const [foreign, unknown] = [victim, inventedTenancy()].map((tenancy) =>
      fill(address.pattern, {
        ...namesOf(own, address.isApi),
        [param]: namesOf(tenancy, address.isApi)[param] ?? "",
      }),
    ) as [string, string];

    if (address.hasLoader) expectNotFound(address, await attacker.get(foreign));
    if (address.isPage)
      expect((await attacker.get(`${foreign}.data`)).text).not.toContain(victim.account.document);
    // What is posted to it is answered just as for an id that nobody has.
    const answer = await postNothing(attacker, address, foreign);
    expect(answer.status).toBe((await postNothing(attacker, address, unknown)).status);
    if (param === "account") expectNotFound(address, answer);
    else expect(answer.status).toBeOneOf([400, 404, 405]);
    expect(await snapshot()).toEqual(before);
  });

  test("the provider's staff has no way through the tenant's pages either", async () => {
    for (const address of ofAccounts) {
      const answer = await operator.get(fill(address.pattern, namesOf(victim, address.isApi)));
      expectNotFound(address, answer);
    }
  });

  test("the attempt stands in the system's log under the actor, and nowhere in the victim's (16.3.2)", async () => {
    await attacker.get(`/accounts/${victim.account.slug}`);
    const attempts = await queryAsOwner<{ account_id: string | null; outcome: string; code: string }>(
      "SELECT account_id, outcome, code FROM audit_event WHERE actor_id = $1 AND details->>'attemptedAccountId' = $2",
      [attackerId, victim.account.id],
    );
    expect(attempts.length).toBeGreaterThan(0);
    for (const attempt of attempts)
      expect(attempt).toEqual({ account_id: null, outcome: "refused", code: "not-found" });
    const inVictims = await queryAsOwner(
      "SELECT id FROM audit_event WHERE account_id = $1 AND actor_id = $2",
      [victim.account.id, attackerId],
    );
    expect(inVictims).toEqual([]);
  });
});

describe("the provider's pages are for its staff", () => {
  test.each(ofProvider.map((address) => [address.pattern, address] as const))("%s", async (_, address) => {
    const before = await snapshot();
    for (const tenancy of [own, victim, inventedTenancy()]) {
      const path = fill(address.pattern, namesOf(tenancy, address.isApi));
      for (const answer of [await attacker.get(path), await postNothing(attacker, address, path)]) {
        expect(answer.status).toBe(403);
        expect(answer.text).not.toContain(victim.account.document);
      }
      if (address.isPage) {
        // A browser's data request, with and without a choice of loaders.
        for (const query of ["", `?_routes=${address.id}`]) {
          const answer = await attacker.get(`${path}.data${query}`);
          expect([403, 202]).toContain(answer.status);
          expect(answer.text).not.toContain(victim.account.document);
        }
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  test.each(
    ofProvider
      .filter(({ params }) => params.length > 0)
      .map((address) => [address.pattern, address] as const),
  )("an operator finds nothing at an invented id: %s", async (_, address) => {
    const path = fill(address.pattern, namesOf(inventedTenancy(), address.isApi));
    expectNotFound(address, await operator.get(path));
    const posted = await postNothing(operator, address, path);
    // A page that takes no form says that much to any.
    if (posted.status !== 405 || address.hasAction) expectNotFound(address, posted);
  });
});

describe("no role brings any page to fail", () => {
  const memberRoles = ["owner", "admin", "billing", "developer", "auditor"] as const;
  const providerRoles = ["operator", "support", "auditor"] as const;

  test.each(memberRoles)("%s of the account", { timeout: 60_000 }, async (role) => {
    const member = await signedInMember(own.account, role);
    const answers = await answersTo(
      member,
      guarded.filter(({ area }) => area !== "provider"),
    );
    for (const [{ pattern, params }, status] of answers) {
      // 404: what is a person's own, and in the address nobody's.
      const isNobodys =
        params.some((name) => ["session", "identity", "notification"].includes(name)) ||
        namedByQuery.test(pattern);
      const usual = [200, 302, 403, 405, 422, 503, ...(isNobodys ? [404] : [])];
      expect([pattern, status]).toEqual([pattern, expect.toBeOneOf(usual)]);
    }
  });

  test.each(providerRoles)("the provider's %s", async (providerRole) => {
    const staff = await signedInStaff(providerRole);
    for (const [{ pattern }, status] of await answersTo(staff, ofProvider))
      expect([pattern, status]).toEqual([pattern, expect.toBeOneOf([200, 302, 403, 405, 503])]);
  });

  /** All at once: these tests have no engine, and each page that needs one waits for it before it answers 503. */
  function answersTo(visitor: Visitor, asked: Address[]): Promise<[Address, number][]> {
    return Promise.all(
      asked.map(async (address): Promise<[Address, number]> => {
        const { status } = await visitor.get(fill(address.pattern, namesOf(own, address.isApi)));
        return [address, status];
      }),
    );
  }
});

/** Pages about what only a query names (an object's key, a rule's place): without one they are about nothing. */
const namedByQuery = /\/(object|cors\/rule|lifecycle\/rule)(\/|$)/;

/** The ids of a tenancy that nobody has. */
function inventedTenancy(): Tenancy {
  const id = randomUUID();
  return {
    account: { id, slug: `none-${id.slice(0, 8)}`, document: "" },
    bucket: randomUUID(),
    key: randomUUID(),
    survey: randomUUID(),
    finding: randomUUID(),
    member: randomUUID(),
    invitation: randomUUID(),
    user: randomUUID(),
    staffInvitation: randomUUID(),
    email: randomUUID(),
    message: "none",
  };
}

function expectNotFound({ isApi }: Address, answer: Answer): void {
  if (isApi) expectProblem(answer, 404, "not-found");
  else expect(answer.status).toBe(404);
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.json()).toMatchObject({
    status,
    code,
    requestId: expect.any(String),
    title: expect.any(String),
  });
}
