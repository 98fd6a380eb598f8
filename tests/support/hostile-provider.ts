// A provider that lies as a test tells it to (oauth2-mock-server).
import { decodeJwt } from "jose";
import { Events, OAuth2Server } from "oauth2-mock-server";

type Claims = Record<string, unknown>;

export interface HostileProvider {
  server: OAuth2Server;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What its ID tokens say, over what is right; null leaves a claim out. */
  claims: Claims;
  /** What its userinfo endpoint says. */
  userinfo: Claims;
  /** Added to the address that it sends people back to. */
  answer: Record<string, string>;
  /** Makes another ID token in the place of the right one, from the claims that that one has. */
  forge: ((claims: Claims) => string) | null;
  /** Honest again. */
  reset(): void;
}

export async function startHostileProvider(): Promise<HostileProvider> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const honest = () => ({ claims: {}, userinfo: {}, answer: {}, forge: null });
  const hostile: HostileProvider = {
    server,
    issuer: server.issuer.url ?? "",
    clientId: "balde",
    clientSecret: "hostile-secret",
    ...honest(),
    reset: () => void Object.assign(hostile, honest()),
  };
  server.service.on(Events.BeforeTokenSigning, (token) => {
    Object.assign(token.payload, hostile.claims);
    for (const [name, value] of Object.entries(hostile.claims))
      if (value === null) delete token.payload[name];
  });
  server.service.on(Events.BeforeUserinfo, ({ body }) => void Object.assign(body, hostile.userinfo));
  server.service.on(Events.BeforeAuthorizeRedirect, ({ url }) => {
    for (const [name, value] of Object.entries(hostile.answer)) url.searchParams.set(name, value);
  });
  server.service.on(Events.BeforeResponse, ({ body }) => {
    if (!hostile.forge || typeof body !== "object") return;
    body.id_token = hostile.forge(decodeJwt(String(body.id_token)));
  });
  return hostile;
}
