import { describe, expect, test } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { giveSecondFactor, makeAccount, makeMember } from "#tests/support/scenario.ts";
import { readSettings } from "./read-settings.ts";
import { requireSecondFactor } from "./require-second-factor.ts";

describe("a second factor of all members", () => {
  test("6.3.3: is asked for by an owner who has one, and shuts out who has none", async () => {
    const account = await makeAccount();
    const owner = await makeMember(account, "owner");
    const developer = await makeMember(account, "developer");
    const context = await contextOf(owner.id, account.id);
    expect(await readSettings(context)).toMatchObject({
      requireSecondFactor: false,
      members: 2,
      membersWithout: 2,
      hasSecondFactor: false,
    });
    await expect(requireSecondFactor(context, { secondFactor: "required" })).rejects.toMatchObject({
      code: "second-factor-required",
    });

    await giveSecondFactor(owner);
    await requireSecondFactor(context, { secondFactor: "required" });
    expect(await readSettings(await contextOf(owner.id, account.id))).toMatchObject({
      requireSecondFactor: true,
      membersWithout: 1,
      hasSecondFactor: true,
    });
    expect((await contextOf(developer.id, account.id)).access.secondFactorMissing).toBe(true);
    await requireSecondFactor(await contextOf(owner.id, account.id), { secondFactor: "optional" });
    expect((await contextOf(developer.id, account.id)).access.secondFactorMissing).toBe(false);
  });

  test("stands in the account's log, and says whether it changed anything", async () => {
    const account = await makeAccount();
    const owner = await makeMember(account, "owner");
    await giveSecondFactor(owner);
    const context = await contextOf(owner.id, account.id);
    await requireSecondFactor(context, { secondFactor: "required" });
    await requireSecondFactor(context, { secondFactor: "required" });
    const events = await queryAsOwner<{ details: object }>(
      `SELECT details FROM audit_event WHERE account_id = $1 AND action = 'accounts:require-second-factor'
       ORDER BY occurred_at, id`,
      [account.id],
    );
    expect(events.map(({ details }) => details)).toEqual([
      { requireSecondFactor: true, changed: true },
      { requireSecondFactor: true, changed: false },
    ]);
  });
});
