import type { RouterContextProvider } from "react-router";
import { Authenticator } from "remix-auth";
import { type Action, authorize } from "#app/domain/authorization.ts";
import { recordRefusal } from "#app/domain/command.ts";
import { userIdOf } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import type { PendingIdentity } from "#app/domain/identity/providers/pending-identity.ts";
import { networkOf } from "#app/domain/identity/throttling/network.ts";
import { countAttempt, refuseThrottled } from "#app/domain/identity/throttling/throttle.ts";
import { env, type SignInProvider } from "#app/ports/env.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { domainContext, ownPath } from "../handlers.server.ts";
import {
  type Attempt,
  keepAttempt,
  newAttempt,
  type Purpose,
  purposes,
  takeAttempt,
} from "./attempts.server.ts";
import { endpointsOf } from "./endpoints.server.ts";
import { ProviderStrategy } from "./strategy.server.ts";

export interface VisitArgs {
  request: Request;
  url: URL;
  context: Readonly<RouterContextProvider>;
  params: { provider: string };
}

/** What each purpose does, as the log calls it. */
const actionOf: Record<Purpose, Action> = {
  "sign-in": "sessions:create",
  link: "identities:link",
  reauthenticate: "sessions:reauthenticate",
  "confirm-sign-up": "sign-ups:confirm",
};

/** The provider of that id. Throws `not-found`. */
export function getProvider(id: string): SignInProvider {
  const provider = env.SIGN_IN_PROVIDERS.find((known) => known.id === id);
  if (!provider) throw new DomainError("not-found");
  return provider;
}

/**
 * The visit that a posted form asks for. Throws `not-found`, and where the purpose needs somebody who is signed in,
 * `unauthenticated` and `reauthentication-required`.
 */
export function visitFrom({ context: routeContext, params }: VisitArgs, form: FormData): Attempt {
  const provider = getProvider(params.provider);
  const context = domainContext(routeContext);
  const purpose = purposes.safeParse(form.get("purpose") ?? "sign-in");
  if (!purpose.success) throw new DomainError("unreadable-body");
  authorize(context, actionOf[purpose.data]);
  return newAttempt({
    provider: provider.id,
    purpose: purpose.data,
    returnTo: returnToIn(form),
    userId: isOfSomebody(purpose.data) ? userIdOf(context) : null,
    signUpToken: textIn(form, "signUpToken"),
  });
}

/** The redirect to the provider, with the visit in a cookie. Throws `provider-unavailable`. */
export function leaveForProvider(args: VisitArgs, attempt: Attempt): Promise<Response> {
  return auditing(args, attempt.purpose, async () => {
    const answer: unknown = await authenticate(args, attempt).catch((thrown: unknown) => thrown);
    if (!(answer instanceof Response)) throw answer;
    for (const line of await keepAttempt(args.request, attempt)) answer.headers.append("Set-Cookie", line);
    return answer;
  });
}

/**
 * The visit that somebody comes back from, used up by this. Throws `sign-in-expired` where it is none of this browser's
 * or was used before, and `too-many-attempts`.
 */
export async function takeVisit(args: VisitArgs): Promise<Attempt> {
  const provider = getProvider(args.params.provider);
  await refuseThrottled("provider-sign-in", networkIn(args));
  return auditing(args, "sign-in", async () => {
    const attempt = await takeAttempt(args.request, provider.id, args.url.searchParams.get("state"));
    refuseSomebodyElse(args, attempt);
    return attempt;
  });
}

/** Who came back from a visit. Throws `sign-in-declined`, `provider-refused`, `provider-unavailable`. */
export function readReturn(args: VisitArgs, attempt: Attempt): Promise<PendingIdentity> {
  return auditing(args, attempt.purpose, () => authenticate(args, attempt));
}

/** What was begun by somebody who is signed in is done for them alone. */
function refuseSomebodyElse({ context }: VisitArgs, { purpose, userId }: Attempt): void {
  if (!isOfSomebody(purpose)) return;
  const { actor } = domainContext(context);
  if (actor.kind !== "user" || actor.userId !== userId)
    throw new DomainError("sign-in-expired", { reason: "other-user" });
}

function isOfSomebody(purpose: Purpose): boolean {
  return purpose === "link" || purpose === "reauthenticate";
}

async function authenticate({ request, url, params }: VisitArgs, attempt: Attempt): Promise<PendingIdentity> {
  const provider = getProvider(params.provider);
  const strategy = new ProviderStrategy(provider, await endpointsOf(provider), attempt);
  // Without the body, which was read; and at our public address, whatever the server in front calls it.
  const own = new Request(env.PUBLIC_URL + url.pathname + url.search, { headers: request.headers });
  return new Authenticator<PendingIdentity>().use(strategy, "provider").authenticate("provider", own);
}

/** What fails before any command runs is counted and written down here (ASVS 16.3.1). */
async function auditing<Output>(
  args: VisitArgs,
  purpose: Purpose,
  attempt: () => Promise<Output>,
): Promise<Output> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const context = domainContext(args.context);
    const { provider } = args.params;
    const refusal = new DomainError(error.code, { ...error.params, provider });
    await recordRefusal(context, actionOf[purpose], refusal, { resourceType: "user" });
    log.warn(
      { requestId: context.origin.requestId, code: error.code, ...refusal.params },
      "a sign-in by a provider failed",
    );
    // One too many is refused the next time: this one is answered with what was wrong with it.
    await countAttempt("provider-sign-in", networkIn(args)).catch(ignoreRefusal);
    throw refusal;
  }
}

function networkIn({ context }: VisitArgs): string {
  return networkOf(domainContext(context).origin.address);
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}

/** The longest path that a visit remembers: it rides in a cookie. */
const longestReturnTo = 1_000;

/** A path of ours from the form, short enough for the cookie; the start page otherwise. */
export function returnToIn(form: FormData): string {
  const path = ownPath(textIn(form, "returnTo"), "/");
  return path.length > longestReturnTo ? "/" : path;
}

function textIn(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" && value !== "" && value.length <= longestReturnTo * 2 ? value : null;
}
