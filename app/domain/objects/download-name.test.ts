import { expect, test } from "vitest";
import { attachment, downloadName } from "./download-name.ts";

test.each([
  ["a/b/relatório.pdf", "relatório.pdf"],
  ["plain", "plain"],
  ["folder/", "folder"],
  ["a//", "a"],
  ["/", "object"],
  ["../..", "object"],
  ["../../.bashrc", "bashrc"],
  ["..\\..\\windows\\system32", "_.._windows_system32"],
  ["line\nbreak\r.txt", "line_break_.txt"],
  ["invoice\u202Egpj.exe", "invoice_gpj.exe"],
  [`<script>alert("1")</script>.html`, "script_.html"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  [" spaces . ", "spaces"],
  ["日本語🗂️.txt", "日本語🗂️.txt"],
])("the last part of a key becomes a name that any file system takes: %j", (key, name) => {
  expect(downloadName(key)).toBe(name);
});

test("a long name keeps its ending", () => {
  const name = downloadName(`${"é".repeat(500)}.tar.gz`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name).toMatch(/^é+.*\.gz$/);
});

test("the header holds the name twice: for old programs, and whole", () => {
  expect(attachment("relatório 100%.pdf")).toBe(
    `attachment; filename="relat_rio 100_.pdf"; filename*=UTF-8''relat%C3%B3rio%20100%25.pdf`,
  );
  expect(attachment("it's (1)*.txt")).toContain("filename*=UTF-8''it%27s%20%281%29%2A.txt");
});
