import type { MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { type Answer, type Visitor, visitor } from "./app.ts";
import { type Address, fill } from "./routes.ts";
import {
  makeAccount,
  makeMember,
  makeTenancy,
  makeUser,
  namesOf,
  signIn,
  type Tenancy,
  type TestAccount,
} from "./scenario.ts";

/** Somebody new with that role in the account, signed in. */
export async function signedInMember(account: TestAccount, role: MemberRole): Promise<Visitor> {
  return visitor(await signIn(await makeMember(account, role)));
}

/** Somebody new of the provider's staff, signed in. */
export async function signedInStaff(providerRole: ProviderRole): Promise<Visitor> {
  return visitor(await signIn(await makeUser({ providerRole })));
}

/** Who may use each address: the owner of an active account, and an operator with a pending one to decide on. */
export interface Cast {
  owner: Visitor;
  operator: Visitor;
  /** What the names of an address stand for, where this cast uses it. */
  namesFor(address: Address): Record<string, string>;
  /** The address with these names in it. */
  pathOf(address: Address): string;
}

export async function makeCast(): Promise<Cast> {
  const tenancy = await makeTenancy();
  const pending: Tenancy = { ...tenancy, account: await makeAccount({ state: "pending" }) };
  const namesFor = ({ area, isApi }: Address) => namesOf(area === "provider" ? pending : tenancy, isApi);
  return {
    owner: await signedInMember(tenancy.account, "owner"),
    operator: await signedInStaff("operator"),
    namesFor,
    pathOf: (address) => fill(address.pattern, namesFor(address)),
  };
}

/** Posts an empty form, or an empty JSON object, as a page of ours would. */
export function postNothing(who: Visitor, { isApi }: Address, path: string): Promise<Answer> {
  return isApi ? who.json(path) : who.post(path);
}
