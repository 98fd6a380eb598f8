import { db } from "#app/ports/db.server.ts";
import { authorize } from "../authorization.ts";
import { command } from "../command.ts";
import { type Context, userIdOf } from "../context.ts";
import {
  kindNames,
  type NotificationGroup,
  type NotificationKind,
  notificationGroups,
  settingsOf,
} from "./kinds.ts";
import { setPreferencesInput } from "./schema.ts";

export interface KindPreference {
  kind: NotificationKind;
  /** Nobody can turn it off. */
  always: boolean;
  inApp: boolean;
  email: boolean;
}

/** What the caller is told, and how, by group; kinds that cannot concern them, as things are, are left out. */
export async function readPreferences(
  context: Context,
): Promise<{ group: NotificationGroup; kinds: KindPreference[] }[]> {
  authorize(context, "notifications:list-own");
  const userId = userIdOf(context);
  const [user, chosen] = await Promise.all([
    db.user.findUniqueOrThrow({
      where: { id: userId },
      select: { providerRole: true, members: { distinct: ["role"], select: { role: true } } },
    }),
    db.notificationPreference.findMany({ where: { userId } }),
  ]);
  const roles = user.members.map(({ role }) => role);
  const isOn = (kind: NotificationKind, channel: "in_app" | "email") =>
    chosen.find((choice) => choice.kind === kind && choice.channel === channel)?.enabled ?? true;

  const concerning = kindNames.filter((kind) => {
    const { members, provider } = settingsOf(kind);
    if (members) return members.some((role) => roles.includes(role));
    return provider ? provider.some((role) => role === user.providerRole) : true;
  });
  return notificationGroups
    .map((group) => ({
      group,
      kinds: concerning
        .filter((kind) => settingsOf(kind).group === group)
        .map((kind) => {
          const always = settingsOf(kind).always === true;
          return {
            kind,
            always,
            inApp: always || isOn(kind, "in_app"),
            email: always || isOn(kind, "email"),
          };
        }),
    }))
    .filter(({ kinds }) => kinds.length > 0);
}

/** Sets all that a form asked about. Only what differs from a kind's own setting, which is on, is kept. */
export const setPreferences = command({
  action: "notifications:set-preferences",
  input: setPreferencesInput,

  async run({ tx, input: { kinds, inApp, email }, context }) {
    const userId = userIdOf(context);
    const off = [
      ...kinds.filter((kind) => !inApp.includes(kind)).map((kind) => ({ kind, channel: "in_app" as const })),
      ...kinds.filter((kind) => !email.includes(kind)).map((kind) => ({ kind, channel: "email" as const })),
    ];
    await tx.notificationPreference.deleteMany({ where: { userId, kind: { in: kinds } } });
    await tx.notificationPreference.createMany({
      data: off.map((choice) => ({ ...choice, userId, enabled: false })),
      // The form was sent twice at once.
      skipDuplicates: true,
    });
    return { off };
  },

  audit: ({ input, output, context }) => ({
    resourceType: "user",
    resourceId: userIdOf(context),
    details: {
      asked: input.kinds,
      off: output.off.map(({ kind, channel }) => `${kind} ${channel}`),
    },
  }),
});
