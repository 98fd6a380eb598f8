import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { updateProfileInput } from "./schema.ts";

/** What a person says of themselves: their name, their language and the zone that they read times in. */
export const updateProfile = command({
  action: "users:update-profile",
  input: updateProfileInput,

  async run({ tx, input, context }) {
    const id = userIdOf(context);
    const { name, locale, timeZone } = input;
    await tx.user.update({ where: { id }, data: { name, locale, timeZone } });
    return { id, locale };
  },

  audit: ({ input: { name, locale, timeZone }, output }) => ({
    resourceType: "user",
    resourceId: output.id,
    details: { locale, timeZone },
    personal: { name },
  }),
});
