import { HtmlValidate } from "html-validate";

const html = new HtmlValidate({ extends: ["html-validate:standard"] });

/** What is wrong with a page by the HTML standard, in words; nothing for one that is valid. */
export async function htmlProblems(page: string): Promise<string[]> {
  const { results } = await html.validateString(page);
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}
