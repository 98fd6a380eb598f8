import { createAccount } from "#app/domain/accounts/create-account.ts";
import { listOwnAccounts } from "#app/domain/accounts/read-accounts.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/accounts";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => ({ accounts: await listOwnAccounts(context) }));
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, createAccount, { status: 201 }) });
}
