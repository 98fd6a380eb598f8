import { readAllUsers } from "#app/domain/identity/staff/read-users.ts";
import { csvDownload } from "#app/http/csv.server.ts";
import { load } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/list-csv";

const columns = [
  "id",
  "name",
  "email",
  "state",
  "staff_role",
  "accounts",
  "second_factor",
  "last_seen_at",
  "created_at",
] as const;

/** The list of users under its filter, whole, for spreadsheets and programs: the same in any language. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const users = readAllUsers(context, Object.fromEntries(args.url.searchParams));
    return csvDownload("users.csv", columns, rowsOf(users));
  });
}

async function* rowsOf(batches: ReturnType<typeof readAllUsers>) {
  for await (const users of batches) {
    yield users.map((user) => [
      user.id,
      user.name,
      user.email,
      user.state,
      user.providerRole,
      user.accounts,
      user.hasSecondFactor ? "yes" : "no",
      user.lastSeenAt,
      user.createdAt,
    ]);
  }
}
