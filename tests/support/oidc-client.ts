/** As whom the console is known at the real OpenID provider of the tests (oidc-provider.ts). */
export const oidcClient = {
  clientId: "balde console",
  clientSecret: "a secret: with % and +",
};
