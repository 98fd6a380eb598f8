import { EnvironmentError, environmentSchema, parseEnvironment } from "./environment.ts";
import { parseSignInProviders } from "./sign-in-providers.ts";

export type { OAuth2Provider, OidcProvider, SignInProvider } from "./sign-in-providers.ts";

/** The process's settings. A process with a bad one prints its name and what it should be, and ends. */
export const env = readEnvironment();

function readEnvironment() {
  try {
    const values = parseEnvironment(environmentSchema, process.env);
    return {
      ...values,
      STORAGE_PUBLIC_ENDPOINT: values.STORAGE_PUBLIC_ENDPOINT ?? values.STORAGE_ENDPOINT,
      SIGN_IN_PROVIDERS: parseSignInProviders(process.env),
    };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
