import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { type Context, userIdOf } from "../../context.ts";

export interface Profile {
  name: string;
  email: string;
  locale: string;
  /** IANA name; null for the installation's. */
  timeZone: string | null;
}

/** The caller as they describe themselves. */
export function getOwnProfile(context: Context): Promise<Profile> {
  authorize(context, "users:read-own");
  return db.user.findUniqueOrThrow({
    where: { id: userIdOf(context) },
    select: { name: true, email: true, locale: true, timeZone: true },
  });
}
