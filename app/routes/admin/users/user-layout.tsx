import { Outlet } from "react-router";
import { userMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/user-layout";

export const middleware: Route.MiddlewareFunction[] = [userMiddleware];

/** Without a loader, navigation in the browser would go past the middleware. */
export function loader() {
  return null;
}

export default function UserLayout() {
  return <Outlet />;
}
