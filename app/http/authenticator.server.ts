import type { RouterContextProvider } from "react-router";
import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import { logIn } from "#app/domain/identity/sessions/log-in.ts";
import { domainContext, postedForm } from "./handlers.server.ts";
import { readKnownDevices } from "./known-devices.server.ts";

type SignedIn = Awaited<ReturnType<typeof logIn>>;

/**
 * Signs in with the posted form. The body was read by the root middleware, so that the strategy is
 * given a request made anew from it. Throws DomainError.
 */
export async function signInWithForm(args: {
  request: Request;
  context: Readonly<RouterContextProvider>;
}): Promise<SignedIn> {
  const devices = await readKnownDevices(args.request);
  const authenticator = new Authenticator<SignedIn>().use(
    new FormStrategy(({ form }) =>
      logIn(domainContext(args.context), {
        email: form.get("email") ?? undefined,
        password: form.get("password") ?? undefined,
        devices,
      }),
    ),
  );
  const form = await postedForm(args);
  return authenticator.authenticate("form", new Request(args.request.url, { method: "POST", body: form }));
}
