import { expect } from "vitest";
import { newCpf } from "./documents.ts";
import type { FaultInstallation } from "./fault-installation.ts";
import { codeOf, offerOn } from "./second-factor.ts";

/** Makes the first operator by the one-time link, second factor and all; answers the cookie of their session. */
export async function becomeOperator(installation: FaultInstallation): Promise<string> {
  const fields = { name: "Op", email: "op@example.com", password: "quem cuida da casa sou eu" };
  const response = await postForm(installation, await installation.operatorLink(), fields);
  expect(response.status).toBe(302);
  const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith("session="));
  const cookie = session?.split(";")[0] ?? "";

  const page = `${installation.console}/me/security/second-factor/new`;
  const shown = await fetch(page, { headers: { Cookie: cookie } });
  const { secret, sealedSecret } = offerOn(await shown.text());
  const enabled = await postForm(installation, page, { sealedSecret, code: codeOf(secret) }, cookie);
  expect(enabled.status).toBe(201);
  return cookie;
}

function postForm(
  { console }: FaultInstallation,
  url: string,
  fields: Record<string, string>,
  cookie = "",
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: console, ...(cookie && { Cookie: cookie }) },
    body: new URLSearchParams(fields),
  });
}

/** An account that waits for approval; answers its id. */
export async function insertPendingAccount({ query }: FaultInstallation, slug: string): Promise<string> {
  const [row] = await query<{ id: string }>(
    `INSERT INTO account (id, slug, name, document) VALUES (gen_random_uuid(), $1, $1, $2) RETURNING id`,
    [slug, newCpf()],
  );
  return row?.id ?? "";
}

/** Posts to the console as the operator; answers whatever the console says. */
export function post(
  { console }: FaultInstallation,
  cookie: string,
  path: string,
  body: Record<string, unknown> = {},
): Promise<Response> {
  return fetch(`${console}${path}`, {
    method: "POST",
    headers: { Cookie: cookie, Origin: console, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export interface AccountRow {
  state: string;
  provisioning_error: string | null;
  management_access_key_id: string;
}

/** Undefined while the database is down. */
export async function accountRow({ query }: FaultInstallation, id: string): Promise<AccountRow | undefined> {
  const rows = await query<AccountRow & { [column: string]: unknown }>(
    "SELECT state, provisioning_error, management_access_key_id FROM account WHERE id = $1",
    [id],
  ).catch(() => []);
  return rows[0];
}

/** How often the account became active. */
export async function activations({ query }: FaultInstallation, accountId: string): Promise<number> {
  const rows = await query(
    `SELECT 1 FROM audit_event WHERE action = 'accounts:activate' AND account_id = $1 AND details ? 'after'`,
    [accountId],
  );
  return rows.length;
}
