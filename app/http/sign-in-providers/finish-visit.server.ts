import { data, redirect } from "react-router";
import { DomainError, type DomainErrorCode } from "#app/domain/errors.ts";
import { confirmWithIdentity } from "#app/domain/identity/providers/confirm-with-identity.ts";
import { linkIdentity } from "#app/domain/identity/providers/link-identity.ts";
import type { PendingIdentity } from "#app/domain/identity/providers/pending-identity.ts";
import { reauthenticateWithIdentity } from "#app/domain/identity/providers/reauthenticate-with-identity.ts";
import { signInWithIdentity } from "#app/domain/identity/providers/sign-in-with-identity.ts";
import type { ProviderFailureData } from "#app/ui/sign-in/provider-failure.tsx";
import { requestContext } from "../context.ts";
import { statusOf } from "../errors.server.ts";
import { domainContext, redirectWithFlash, refusalOnPage, withFlash } from "../handlers.server.ts";
import { translator } from "../i18n.server.ts";
import { signedInRedirect, withReturnTo } from "../session.server.ts";
import { type Attempt, forgetAttempt, type Purpose } from "./attempts.server.ts";
import { keepPendingIdentity } from "./pending-identity.server.ts";
import { getProvider, readReturn, takeVisit, type VisitArgs } from "./visits.server.ts";

/** What somebody came back from a provider for. */
type Finish = (args: VisitArgs, attempt: Attempt, identity: PendingIdentity) => Promise<Response>;

/** Does what a visit to a provider was for, or says on a page why not. */
export async function finishVisit(args: VisitArgs) {
  let attempt: Attempt | null = null;
  try {
    attempt = await takeVisit(args);
    const identity = await readReturn(args, attempt);
    const response = await finishes[attempt.purpose](args, attempt, identity);
    response.headers.append("Set-Cookie", await forgetAttempt(attempt.state));
    return response;
  } catch (error) {
    return failureOnPage(error, args, attempt);
  }
}

const finishes: Record<Purpose, Finish> = {
  async "sign-in"({ context }, { returnTo }, identity) {
    try {
      return await signedInRedirect(await signInWithIdentity(domainContext(context), identity), returnTo);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "identity-unknown") throw error;
      // Somebody new: to the sign-up, or back to the invitation that they want to accept with it.
      const next = returnTo.startsWith("/invitations/") ? returnTo : "/signup/provider";
      return redirect(next, { headers: { "Set-Cookie": await keepPendingIdentity(identity) } });
    }
  },

  async link({ context, params }, { returnTo }, identity) {
    const { name } = getProvider(params.provider);
    try {
      await linkIdentity(domainContext(context), identity);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Not back to this address, whose answer is used up.
      if (error.code === "reauthentication-required")
        return redirect(withReturnTo("/reauthentication", returnTo));
      if (error.code !== "already-done") throw error;
    }
    return redirectWithFlash(returnTo, translator(context)("identities.link.done", { provider: name }));
  },

  async reauthenticate({ context }, { returnTo }, identity) {
    return signedInRedirect(await reauthenticateWithIdentity(domainContext(context), identity), returnTo);
  },

  async "confirm-sign-up"({ context }, { signUpToken }, identity) {
    const session = await confirmWithIdentity(domainContext(context), {
      token: signUpToken ?? undefined,
      identity,
    });
    const done = translator(context)("auth.verifyEmail.done");
    return withFlash(await signedInRedirect(session, "/accounts"), done);
  },
};

/** Refusals that have a page of their own, with a way to begin again. */
const pages: Partial<Record<DomainErrorCode, ProviderFailureData["page"]>> = {
  "sign-in-declined": "declined",
  "sign-in-disabled": "disabled",
  "sign-in-expired": "expired",
  "provider-refused": "refused",
  "provider-unavailable": "unavailable",
  "identity-taken": "taken",
  "wrong-identity": "wrongIdentity",
};

/** What a page about a provider shows where something went wrong; throws the common error page for all else. */
export function failureOnPage(error: unknown, args: VisitArgs, attempt: Attempt | null) {
  if (!(error instanceof Error)) throw error;
  const page = error instanceof DomainError ? pages[error.code] : undefined;
  if (!(error instanceof DomainError) || !page) throw refusalOnPage(error, args.context);
  const { id, name } = getProvider(args.params.provider);
  const failure: ProviderFailureData = {
    page,
    provider: { id, name },
    purpose: attempt?.purpose ?? "sign-in",
    returnTo: attempt?.returnTo ?? "/",
    signUpToken: attempt?.signUpToken ?? null,
    requestId: args.context.get(requestContext).id,
  };
  return data(failure, { status: statusOf(error, args.context) });
}
