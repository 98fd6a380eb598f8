import { expect } from "@playwright/test";

interface Message {
  to: string[];
  subject: string;
  text: string;
}

/**
 * Waits for the newest message to an address and answers the first link to the console in it.
 *
 * @param subject what the message's subject begins with; any message by default
 * @param after the link of an earlier such message, which is passed over
 */
export async function linkInMailTo(
  mailbox: string,
  address: string,
  console: string,
  { subject = "", after }: { subject?: string; after?: string } = {},
): Promise<string> {
  let link: string | undefined;
  await expect(async () => {
    const response = await fetch(`${mailbox}/api/messages`);
    const messages = (await response.json()) as Message[];
    const message = messages.find((each) => each.to.includes(address) && each.subject.startsWith(subject));
    link = message?.text.split(/\s+/).find((word) => word.startsWith(console));
    expect(link, `a link in mail to ${address}: ${subject}`).toBeDefined();
    expect(link).not.toBe(after);
  }).toPass({ timeout: 15_000 });
  return link as string;
}
