import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { changeLocaleInput } from "./schema.ts";

/** The language of a person's pages and mail. */
export const changeLocale = command({
  action: "users:change-locale",
  input: changeLocaleInput,

  async run({ tx, input, context }) {
    const id = userIdOf(context);
    await tx.user.updateMany({ where: { id }, data: { locale: input.locale } });
    return { id };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.id,
    details: { locale: input.locale },
  }),
});
