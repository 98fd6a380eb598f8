import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { isUsable, providerName } from "../providers/providers.ts";
import { idleLimitMs } from "../sessions/sessions.ts";
import { type Requirement, requiringAccounts } from "./requirement.ts";

interface LinkedIdentity {
  /** The provider's id in the settings, and its name. */
  id: string;
  name: string;
  label: string;
  /** False where the settings have that provider no more. */
  isUsable: boolean;
}

interface SecurityRow extends Omit<Security, "requirement" | "identities">, Requirement {
  identities: { provider: string; issuer: string; label: string }[];
}

/** How the caller proves who they are. */
export interface Security {
  email: string;
  hasPassword: boolean;
  /** Since when they have their second factor; null without one. */
  secondFactorSince: Date | null;
  recoveryCodesLeft: number;
  /** Names the present recovery codes, whatever of them is left; null where there are none. */
  recoveryCodeSetId: string | null;
  requirement: Requirement;
  /** Who they are at other providers. */
  identities: LinkedIdentity[];
  sessions: number;
}

/** The caller's own security, in one query. */
export async function readSecurity(context: Context): Promise<Security> {
  authorize(context, "users:read-own");
  const [row] = await db.$queryRaw<SecurityRow[]>`
    SELECT u.email, u.password_hash IS NOT NULL AS "hasPassword", f.confirmed_at AS "secondFactorSince",
           codes.unused AS "recoveryCodesLeft", codes.first AS "recoveryCodeSetId",
           u.provider_role IS NOT NULL AS "isStaff",
           ${requiringAccounts} AS accounts,
           ARRAY(SELECT jsonb_build_object('provider', i.provider, 'issuer', i.issuer, 'label', i.label)
                 FROM identity i WHERE i.user_id = u.id ORDER BY i.created_at, i.id LIMIT 20) AS identities,
           (SELECT count(*)::int FROM session s
            WHERE s.user_id = u.id AND NOT s.second_factor_due AND s.expires_at > now()
              AND s.last_seen_at > ${new Date(Date.now() - idleLimitMs)}) AS sessions
    FROM "user" u
    LEFT JOIN second_factor f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE c.used_at IS NULL)::int AS unused, min(c.id::text) AS first
      FROM recovery_code c WHERE c.user_id = u.id
    ) codes ON true
    WHERE u.id = ${userIdOf(context)}::uuid`;
  if (!row) throw new DomainError("unauthenticated");
  const { isStaff, accounts, identities, ...security } = row;
  return {
    ...security,
    requirement: { isStaff, accounts },
    identities: identities.map(({ provider, issuer, label }) => ({
      id: provider,
      name: providerName(provider),
      label,
      isUsable: isUsable({ provider, issuer }),
    })),
  };
}
