import { expect, test } from "vitest";
import { csvDownload, csvLine } from "./csv.server.ts";

test.each([
  [["plain", 12n, 0, null, new Date("2026-03-01T03:00:00Z")], "plain,12,0,,2026-03-01T03:00:00.000Z"],
  [['a"b', "a,b", "a\nb"], '"a""b","a,b","a\nb"'],
  [["=1+1", "+1", "-1", "@x", "\tx", "=a,b"], `'=1+1,'+1,'-1,'@x,'\tx,"'=a,b"`],
  [[-5n, "maçã"], "-5,maçã"],
])("cells are written as $1", (values, line) => {
  expect(csvLine(values)).toBe(`${line}\r\n`);
});

test("a download is written while its rows are read, and reading stops when nobody listens", async () => {
  const seen: string[] = [];
  async function* batches() {
    try {
      for (let index = 0; ; index += 1) {
        seen.push(`batch ${index}`);
        yield [[index]];
      }
    } finally {
      seen.push("ended");
    }
  }
  const response = csvDownload("a.csv", ["n"], batches());
  expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="a.csv"');
  const reader = response.body?.getReader();
  const nextLine = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await nextLine()).toBe("n\r\n");
  expect(await nextLine()).toBe("0\r\n");
  await reader?.cancel();
  expect(seen.at(-1)).toBe("ended");
  expect(seen.length).toBeLessThan(10);
});
