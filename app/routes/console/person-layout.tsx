import { Outlet } from "react-router";
import { signedInUser } from "#app/http/handlers.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import { ErrorContent } from "#app/ui/layout/error-page.tsx";
import { PersonShell } from "#app/ui/layout/person-shell.tsx";
import type { Route } from "./+types/person-layout";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

export function loader({ context }: Route.LoaderArgs) {
  return { user: signedInUser(context) };
}

export default function PersonLayout({ loaderData }: Route.ComponentProps) {
  return (
    <PersonShell user={loaderData.user}>
      <Outlet />
    </PersonShell>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  if (!loaderData) throw error;
  return (
    <PersonShell user={loaderData.user}>
      <ErrorContent error={error} />
    </PersonShell>
  );
}
