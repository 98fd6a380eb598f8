import type { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { type Command, command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { renewSession, type StartedSession } from "../sessions/sessions.ts";
import { forgetAttempts } from "../throttling/throttle.ts";
import { type CodeKind, consumeCode, isGenerated } from "./consume-code.ts";
import { verifySecondFactorInput } from "./schema.ts";

/** Wrong codes that end a sign-in: the password is asked for again then. */
export const codesPerSession = 5;

interface SignedIn extends StartedSession {
  userId: string;
  locale: string;
  kind: CodeKind;
  /** What its attempts were counted under. */
  attempts: string;
}

/**
 * The second step of signing in: a code brings the session into force, under a new id (ASVS 6.3.3, 7.2.4).
 *
 * Throws `wrong-code`; `sign-in-over` with the fifth of them, and where the session is over; `too-many-attempts` where
 * somebody who knows the password has been guessing, in this session or in others. The person themselves is not locked
 * out by that: a recovery code still counts, and so do codes from a browser that they have signed in with before.
 */
export const verifySecondFactor: Command<typeof verifySecondFactorInput, SignedIn> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<SignedIn> => {
    try {
      const signedIn = await verify(context, rawInput);
      if (signedIn.kind === "totp") await forgetAttempts("second-factor", signedIn.attempts);
      return signedIn;
    } catch (error) {
      if (error instanceof DomainError && error.code === "sign-in-over") await endSignIn(rawInput);
      throw error;
    }
  },
  { action: "sessions:verify-second-factor" as const, input: verifySecondFactorInput },
);

const verify = command({
  action: "sessions:verify-second-factor",
  input: verifySecondFactorInput,
  throttle: ({ input }) => (isGenerated(input.code) ? [["second-factor", attemptsOf(input)]] : []),
  prepare: (input) => countCode(input.sessionId, input.userId),

  async run({ tx, input, prepared: given }) {
    const { sessionId, userId } = input;
    const user = await tx.user.findUnique({
      where: { id: userId, disabledAt: null },
      select: { locale: true },
    });
    if (!user || given > codesPerSession) throw new DomainError("sign-in-over");
    const kind = await consumeCode(tx, userId, input.code);
    if (!kind) {
      throw given === codesPerSession
        ? new DomainError("sign-in-over")
        : new DomainError("wrong-code", { field: "code" });
    }
    const token = await renewSession(tx, sessionId);
    return { userId, locale: user.locale, kind, attempts: attemptsOf(input), token, secondFactorDue: false };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { proof: output.kind },
  }),
  auditRefusal: ({ userId }) => ({ resourceType: "user", resourceId: userId }),
});

/**
 * Counts a code before it is looked at: of many at once, five are. Answers how many that makes; outside of the
 * command's transaction, which a wrong one rolls back.
 */
async function countCode(id: string, userId: string): Promise<number> {
  const [session] = await db.session.updateManyAndReturn({
    where: { id, userId, secondFactorDue: true, expiresAt: { gt: new Date() } },
    data: { wrongCodes: { increment: 1 } },
    select: { wrongCodes: true },
  });
  if (!session) throw new DomainError("sign-in-over");
  return session.wrongCodes;
}

/** Strangers' together, and each of the person's own browsers apart: what others guess does not count there. */
function attemptsOf({ userId, devices }: z.output<typeof verifySecondFactorInput>): string {
  const own = devices.find((device) => device.userId === userId);
  return own ? `${userId} ${own.deviceId}` : userId;
}

async function endSignIn(rawInput: unknown): Promise<void> {
  const { data } = verifySecondFactorInput.safeParse(rawInput);
  if (!data) return;
  await db.session.deleteMany({ where: { id: data.sessionId, userId: data.userId, secondFactorDue: true } });
}
