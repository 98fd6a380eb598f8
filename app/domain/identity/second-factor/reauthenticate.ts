import { db } from "#app/ports/db.server.ts";
import { type Command, command } from "../../command.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError, InvalidInput } from "../../errors.ts";
import { verifyPassword } from "../passwords/password.ts";
import { renewSession, type StartedSession } from "../sessions/sessions.ts";
import { forgetAttempts } from "../throttling/throttle.ts";
import { type CodeKind, consumeCode } from "./consume-code.ts";
import { reauthenticateInput } from "./schema.ts";

interface Reauthenticated extends StartedSession {
  userId: string;
  locale: string;
  /** Null for who has no second factor. */
  kind: CodeKind | null;
}

/**
 * Somebody who is signed in proves again who they are, with their password and, where they have a second factor, a code
 * (ASVS 7.5.1). The session gets a new id (7.2.4), and counts as fresh for `recentMinutes`.
 *
 * Throws `wrong-password` and `wrong-code`, `too-many-attempts` after ten of those in this session: in this one only,
 * so that who has taken over one locks nobody out of the others.
 */
export const reauthenticate: Command<typeof reauthenticateInput, Reauthenticated> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<Reauthenticated> => {
    const proved = await prove(context, rawInput);
    await forgetAttempts("reauthentication", sessionIdOf(context));
    return proved;
  },
  { action: "sessions:reauthenticate" as const, input: reauthenticateInput },
);

const prove = command({
  action: "sessions:reauthenticate",
  input: reauthenticateInput,
  throttle: ({ context }) => [["reauthentication", sessionIdOf(context)]],

  async prepare({ password }, context) {
    const user = await db.user.findUnique({
      where: { id: userIdOf(context) },
      select: { passwordHash: true },
    });
    return verifyPassword(user?.passwordHash ?? null, password);
  },

  async run({ tx, input, prepared: isPassword, context }) {
    const userId = userIdOf(context);
    // First the password: a code is used up only for somebody who knows it.
    if (!isPassword) throw new DomainError("wrong-password", { field: "password" });
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { locale: true, secondFactor: { select: { confirmedAt: true } } },
    });
    let kind: CodeKind | null = null;
    if (user.secondFactor?.confirmedAt) {
      if (!input.code) throw new InvalidInput([{ path: ["code"], message: "required", params: {} }]);
      kind = await consumeCode(tx, userId, input.code);
      if (!kind) throw new DomainError("wrong-code", { field: "code" });
    }
    const token = await renewSession(tx, sessionIdOf(context));
    return { userId, locale: user.locale, kind, token, secondFactorDue: false };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { proof: output.kind ? ["password", output.kind] : ["password"] },
  }),
});

function sessionIdOf({ session }: Pick<Context, "session">): string {
  if (!session) throw new DomainError("unauthenticated");
  return session.id;
}
