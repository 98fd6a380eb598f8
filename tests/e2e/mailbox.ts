import { expect } from "@playwright/test";

interface Message {
  to: string[];
  subject: string;
  text: string;
}

/** Waits for the newest message to an address and answers the first link to the console in it. */
export async function linkInMailTo(mailbox: string, address: string, console: string): Promise<string> {
  let link: string | undefined;
  await expect(async () => {
    const response = await fetch(`${mailbox}/api/messages`);
    const messages = (await response.json()) as Message[];
    const message = messages.find(({ to }) => to.includes(address));
    link = message?.text.split(/\s+/).find((word) => word.startsWith(console));
    expect(link).toBeDefined();
  }).toPass({ timeout: 15_000 });
  return link as string;
}
