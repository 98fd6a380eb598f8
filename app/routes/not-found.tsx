import { DomainError } from "#app/domain/errors.ts";
import { errorPage } from "#app/http/errors.server.ts";
import type { Route } from "./+types/not-found";

export function loader({ context }: Route.LoaderArgs): null {
  throw errorPage(new DomainError("not-found"), context);
}

export function action({ context }: Route.ActionArgs): null {
  throw errorPage(new DomainError("not-found"), context);
}

export default function NotFound() {
  return null;
}
