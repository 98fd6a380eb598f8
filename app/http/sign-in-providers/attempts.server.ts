import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { DomainError } from "#app/domain/errors.ts";
import { seal, unseal } from "#app/domain/identity/providers/sealed-value.ts";
import { spendState } from "#app/domain/identity/providers/spend-state.ts";
import { hostCookie, hostCookieName } from "../host-cookie.server.ts";

/** Time to sign in at the provider. */
const validMinutes = 10;
/** More than one tab; few enough that their cookies fit into a request. */
const mostAtOnce = 4;

const attemptSchema = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  purpose: z.enum(["sign-in", "link", "reauthenticate", "confirm-sign-up"]),
  /** A path of ours. */
  returnTo: z.string(),
  /** Who was signed in, where the purpose is theirs. */
  userId: z.string().nullable(),
  /** The token of the mailed link, where a sign-up is confirmed. */
  signUpToken: z.string().nullable(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
});

/** A visit to a provider: what it is for, and what its answer must fit. */
export type Attempt = z.infer<typeof attemptSchema>;
export type Purpose = Attempt["purpose"];
export const purposes = attemptSchema.shape.purpose;

/** Begins a visit; its secrets are new. */
export function newAttempt(
  about: Pick<Attempt, "provider" | "purpose" | "returnTo" | "userId" | "signUpToken">,
): Attempt {
  const secret = () => randomBytes(32).toString("base64url");
  return { ...about, state: secret(), nonce: secret(), codeVerifier: secret(), startedAt: Date.now() };
}

/**
 * `Set-Cookie` lines that keep a visit in the browser that began it, encrypted, and nowhere else: an answer that comes
 * to another browser is worth nothing there (ASVS 10.2.1). Each has a cookie of its own, for several tabs.
 */
export async function keepAttempt(request: Request, attempt: Attempt): Promise<string[]> {
  const kept = (await attemptsIn(request)).sort((a, b) => b.startedAt - a.startedAt);
  const dropped = kept.slice(mostAtOnce - 1).map(({ state }) => forgetAttempt(state));
  const sealed = seal("sign-in-attempt", attempt, validMinutes);
  return Promise.all([attemptCookie(attempt.state).serialize(sealed), ...dropped]);
}

/** `Set-Cookie` that ends a visit. */
export function forgetAttempt(state: string): Promise<string> {
  return attemptCookie(state).serialize("", { maxAge: 0 });
}

/**
 * The visit that an answer belongs to, which is used up by this. Throws `sign-in-expired` where this browser began none
 * with that state at that provider, or too long ago, or where it was answered before.
 */
export async function takeAttempt(
  request: Request,
  provider: string,
  state: string | null,
): Promise<Attempt> {
  const attempts = await attemptsIn(request);
  const attempt = attempts.find((kept) => kept.state === state && kept.provider === provider);
  if (!attempt) throw new DomainError("sign-in-expired", { reason: "unknown" });
  // Kept as long as the cookie could be sent again.
  const expiresAt = new Date(attempt.startedAt + validMinutes * 60_000);
  if (!(await spendState(attempt.state, expiresAt)))
    throw new DomainError("sign-in-expired", { reason: "used" });
  return attempt;
}

function attemptCookie(state: string) {
  return cookieNamed(cookieNames + createHash("sha256").update(state).digest("hex").slice(0, 12));
}

const cookieNames = "sign-in-";

function cookieNamed(name: string) {
  return hostCookie(name, { maxAge: validMinutes * 60 });
}

/** The visits that this browser has begun, those that are too old left out. */
async function attemptsIn(request: Request): Promise<Attempt[]> {
  const header = request.headers.get("Cookie") ?? "";
  const prefix = hostCookieName(cookieNames);
  const names = header
    .split(";")
    .map((pair) => pair.split("=")[0]?.trim() ?? "")
    .filter((name) => name.startsWith(prefix))
    .map((name) => cookieNames + name.slice(prefix.length));
  const sealed = await Promise.all(
    names.map(
      (name): Promise<unknown> =>
        cookieNamed(name)
          .parse(header)
          .catch(() => null),
    ),
  );
  return sealed.flatMap((value) => unseal("sign-in-attempt", value, attemptSchema) ?? []);
}
