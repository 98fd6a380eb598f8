// A real OpenID provider (oidc-provider, certified by the OpenID Foundation) on loopback, for accounts of the tests.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { errors, type InteractionResults } from "oidc-provider";
import { oidcClient } from "./oidc-client.ts";

/** Who somebody is at the provider. */
export interface ProviderAccount {
  sub: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

export interface RealProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in the next time that somebody is asked to; null refuses to. */
  signsIn: ProviderAccount | null;
  stop(): Promise<void>;
}

/**
 * Starts one that knows the console as its client, and signs in whoever `signsIn` says, with consent to everything.
 *
 * @param at where the console expects it; by default any free port
 */
export async function startRealProvider(redirectUri: string, at = { port: 0 }): Promise<RealProvider> {
  const accounts = new Map<string, ProviderAccount>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at.port, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real: RealProvider = {
    issuer,
    ...oidcClient,
    signsIn: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: real.clientId,
        client_secret: real.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount(_, sub) {
      const account = accounts.get(sub);
      if (!account) return undefined;
      const { email, emailVerified, name } = account;
      return {
        accountId: sub,
        claims: async () => ({ sub, email, email_verified: emailVerified, name }),
      };
    },
  });

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    const finish = (result: InteractionResults) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    if (!real.signsIn) return finish({ error: new errors.AccessDenied().error });
    accounts.set(real.signsIn.sub, real.signsIn);
    if (prompt.name === "login") return finish({ login: { accountId: real.signsIn.sub } });
    const grant =
      (grantId ? await provider.Grant.find(grantId) : undefined) ??
      new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope("openid email profile");
    return finish({ consent: { grantId: await grant.save() } });
  }

  const handle = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void handle(request, response);
    interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return real;
}

/** A person's browser at a provider: keeps its cookies, follows its redirects, and answers where it leads out. */
export function providerBrowser() {
  const cookies = new Map<string, string>();
  /** The first address outside of the provider that the way leads to. */
  return async function follow(start: string): Promise<URL> {
    let at = new URL(start);
    const { origin } = at;
    for (let step = 0; step < 10; step++) {
      if (at.origin !== origin) return at;
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(at, { redirect: "manual", headers: { Cookie: cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value) cookies.set(name, value);
        else cookies.delete(name);
      }
      const location = response.headers.get("Location");
      if (!location) throw new Error(`${at.pathname}: ${response.status} ${await response.text()}`);
      at = new URL(location, at);
    }
    throw new Error(`${start} leads nowhere`);
  };
}
