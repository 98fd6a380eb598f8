import { expect, test } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser } from "#tests/support/scenario.ts";
import { getOwnProfile } from "./read-profile.ts";
import { timeZones } from "./schema.ts";
import { updateProfile } from "./update-profile.ts";

const profile = { name: "João da Silva", locale: "pt-BR", timeZone: "Asia/Tokyo" };

test("a person says what they are called, which language they read, and where their clock is", async () => {
  const user = await makeUser();
  const context = await contextOf(user.id, null);
  await updateProfile(context, { ...profile, name: `  ${profile.name} ` });
  expect(await getOwnProfile(context)).toEqual({ ...profile, email: user.email });
  for (const timeZone of [undefined, null]) {
    await updateProfile(context, profile);
    await updateProfile(context, { ...profile, timeZone });
    expect((await getOwnProfile(context)).timeZone).toBeNull();
  }
});

test("the name stands on the erasable side of the log alone", async () => {
  const user = await makeUser();
  await updateProfile(await contextOf(user.id, null), { ...profile, name: "Only Here" });
  const events = await queryAsOwner<{ event: string; personal: object }>(
    `SELECT e::text AS event, p.values AS personal FROM audit_event e JOIN audit_personal p ON p.event_id = e.id
     WHERE e.actor_id = $1`,
    [user.id],
  );
  expect(events).toEqual([
    {
      event: expect.not.stringContaining("Only Here"),
      personal: expect.objectContaining({ name: "Only Here" }),
    },
  ]);
});

test("every zone that can be chosen is one that times can be shown in", () => {
  expect(timeZones).toEqual(expect.arrayContaining(["America/Sao_Paulo", "America/Noronha", "UTC"]));
  for (const timeZone of timeZones) new Intl.DateTimeFormat("en", { timeZone });
});

test.each(["Mars/Olympus", "america/sao_paulo", "+03:00", "EST", "../etc/passwd", 3])(
  "%j is no zone",
  async (timeZone) => {
    const user = await makeUser();
    await expect(
      updateProfile(await contextOf(user.id, null), { ...profile, timeZone }),
    ).rejects.toMatchObject({ issues: [{ path: ["timeZone"] }] });
  },
);

test("15.3.3: nothing else of the row can be set with it", async () => {
  const user = await makeUser();
  await updateProfile(await contextOf(user.id, null), {
    ...profile,
    email: "other@example.test",
    providerRole: "operator",
  });
  const rows = await queryAsOwner(`SELECT email, provider_role FROM "user" WHERE id = $1`, [user.id]);
  expect(rows).toEqual([{ email: user.email, provider_role: null }]);
});
