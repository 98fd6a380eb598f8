import { signedInMiddleware, tenantMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/account-layout";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware, tenantMiddleware];
