import { describe, expect, test } from "vitest";
import { S3Error } from "../errors.ts";
import { xmlDocument } from "../xml.ts";
import { parseLifecycle } from "./configuration.ts";
import { lifecycleElements } from "./document.ts";

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const document = (...rules: string[]) =>
  `<LifecycleConfiguration ${NAMESPACE}>${rules.map((rule) => `<Rule>${rule}</Rule>`).join("")}</LifecycleConfiguration>`;
const parse = (xml: string) => parseLifecycle(Buffer.from(xml));

/** What a GET answers to a PUT of this. */
const stored = (xml: string) =>
  xmlDocument("LifecycleConfiguration", lifecycleElements(parse(xml))).replace(/^<\?xml[^>]*>\s*/, "");

const END = "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>";
const TAG = "<Tag><Key>k</Key><Value>v</Value></Tag>";
const OTHER_TAG = "<Tag><Key>a</Key><Value></Value></Tag>";

describe("is given back as it was put", () => {
  test.each([
    [`<ID>a</ID><Prefix>logs/</Prefix>${END}`],
    [`<ID>a</ID><Prefix></Prefix><Status>Disabled</Status><Expiration><Days>1</Days></Expiration>`],
    [`<ID>a</ID><Filter><Prefix>logs/</Prefix></Filter>${END}`],
    [`<ID>a</ID><Filter></Filter>${END}`],
    [`<ID>a</ID><Filter>${TAG}</Filter>${END}`],
    [`<ID>a</ID><Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter>${END}`],
    [`<ID>a</ID><Filter><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>${END}`],
    [`<ID>a</ID><Filter><And><Prefix>p &amp; q</Prefix>${TAG}${OTHER_TAG}</And></Filter>${END}`],
    [
      `<ID>a</ID><Filter><And><Prefix></Prefix><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>7</ObjectSizeLessThan></And></Filter>${END}`,
    ],
    [
      "<ID>a</ID><Filter></Filter><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
    ],
    [
      "<ID>a</ID><Filter></Filter><Status>Enabled</Status><Expiration><Date>2026-01-31T00:00:00.000Z</Date></Expiration><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays><NewerNoncurrentVersions>100</NewerNoncurrentVersions></NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
    ],
  ])("%s", (rule) => {
    expect(stored(document(rule))).toBe(document(rule));
  });

  test("in the order of its rules, up to 1,000 of them", () => {
    const rules = Array.from({ length: 1000 }, (_, i) => `<ID>${1000 - i}</ID><Filter></Filter>${END}`);
    expect(stored(document(...rules))).toBe(document(...rules));
  });

  test("whatever the order of elements and the space between them", () => {
    const spaced = `<LifecycleConfiguration>
      <Rule> <Expiration> <Days> 1 </Days> </Expiration>
        <Status>Enabled</Status> <Filter> </Filter> <ID>a</ID> </Rule>
    </LifecycleConfiguration>`;
    expect(stored(spaced)).toBe(document(`<ID>a</ID><Filter></Filter>${END}`));
  });

  test("with an id, where none was given", () => {
    const [one, other] = parse(document(`<Filter/>${END}`, `<ID></ID><Filter/>${END}`));
    expect(one?.id).toMatch(/^[A-Za-z0-9+/]{48}$/);
    expect(other?.id).toMatch(/^[A-Za-z0-9+/]{48}$/);
    expect(one?.id).not.toBe(other?.id);
  });

  test.each(["2026-01-31", "2026-01-31T00:00:00Z", "2026-01-31T02:00:00+02:00"])(
    "a date written %s",
    (date) => {
      const [rule] = parse(
        document(`<Filter/><Status>Enabled</Status><Expiration><Date>${date}</Date></Expiration>`),
      );
      expect(rule?.expiration).toEqual({ date: "2026-01-31T00:00:00.000Z" });
    },
  );
});

const expiring = (expiration: string, filter = "<Filter/>") =>
  document(`${filter}<Status>Enabled</Status><Expiration>${expiration}</Expiration>`);
const noncurrent = (content: string, filter = "<Filter/>") =>
  document(
    `${filter}<Status>Enabled</Status><NoncurrentVersionExpiration>${content}</NoncurrentVersionExpiration>`,
  );
const aborting = (daysAfter: string, filter = "<Filter/>") =>
  document(
    `${filter}<Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>${daysAfter}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
  );
const filtered = (filter: string) => document(`<Filter>${filter}</Filter>${END}`);
const SIZE = "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan>";
const MARKER = "<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>";
const TRANSITION = "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>";

describe("is refused", () => {
  test.each<[string, string, string]>([
    ["not XML", "<LifecycleConfiguration>", "MalformedXML"],
    ["another document", "<CORSConfiguration/>", "MalformedXML"],
    ["no rules", document(), "InvalidRequest: At least one lifecycle rule must be specified."],
    [
      "1,001 rules",
      document(...Array.from({ length: 1001 }, () => `<Filter/>${END}`)),
      "InvalidRequest: The number of lifecycle rules must not exceed the allowed limit of 1000 rules.",
    ],
    [
      "an id of 256 characters",
      document(`<ID>${"x".repeat(256)}</ID><Filter/>${END}`),
      "InvalidArgument: ID length should not exceed allowed limit of 255",
    ],
    [
      "an id twice",
      document(`<ID>a</ID><Filter/>${END}`, `<ID>a</ID><Filter/>${END}`),
      "InvalidArgument: Rule ID must be unique. Found same ID for more than one rule",
    ],
    [
      "another status",
      document("<Filter/><Status>enabled</Status><Expiration><Days>1</Days></Expiration>"),
      "MalformedXML",
    ],
    ["no status", document("<Filter/><Expiration><Days>1</Days></Expiration>"), "MalformedXML"],
    [
      "no action",
      document("<Filter/><Status>Enabled</Status>"),
      "InvalidRequest: At least one action needs to be specified in a rule",
    ],
    ["an unknown element", document(`<Filter/>${END}<Speed>1</Speed>`), "MalformedXML"],
    ["an action twice", document(`<Filter/>${END}<Expiration><Days>2</Days></Expiration>`), "MalformedXML"],
    ["neither filter nor prefix", document(END), "MalformedXML"],
    ["filter and prefix", document(`<Filter/><Prefix/>${END}`), "MalformedXML"],
    [
      "filters after prefixes",
      document(`<Prefix/>${END}`, `<Filter/>${END}`),
      "InvalidRequest: Filter element can only be used in Lifecycle V2.",
    ],
    [
      "prefixes after filters",
      document(`<Filter/>${END}`, `<Prefix/>${END}`),
      "InvalidRequest: Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    ],
    ["two conditions without And", filtered(`<Prefix>p</Prefix>${TAG}`), "MalformedXML"],
    ["a prefix and a size without And", filtered(`<Prefix></Prefix>${SIZE}`), "MalformedXML"],
    ["two tags without And", filtered(`${TAG}${OTHER_TAG}`), "MalformedXML"],
    ["And of one", filtered("<And><Prefix>p</Prefix></And>"), "MalformedXML"],
    ["And of none", filtered("<And></And>"), "MalformedXML"],
    [
      "something beside And",
      filtered(`<Prefix>p</Prefix><And><Prefix>p</Prefix>${TAG}</And>`),
      "MalformedXML",
    ],
    ["a tag without a value", filtered("<Tag><Key>k</Key></Tag>"), "MalformedXML"],
    [
      "a tag key of 129 characters",
      filtered(`<Tag><Key>${"k".repeat(129)}</Key><Value/></Tag>`),
      "MalformedXML",
    ],
    [
      "a tag twice",
      filtered(`<And>${TAG}${TAG}</And>`),
      "InvalidRequest: Duplicate Tag Keys are not allowed.",
    ],
    [
      "sizes that exclude each other",
      filtered(
        "<And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And>",
      ),
      "InvalidRequest: 'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    ],
    [
      "less than nothing",
      filtered("<ObjectSizeLessThan>0</ObjectSizeLessThan>"),
      "InvalidRequest: 'ObjectSizeLessThan' should be between 1 and 1099511627776000.",
    ],
    ["a size that is no number", filtered("<ObjectSizeLessThan>1k</ObjectSizeLessThan>"), "MalformedXML"],
    ["a prefix with U+0000", filtered("<Prefix>&#0;</Prefix>"), "MalformedXML"],
    ["a prefix with half a character", filtered("<Prefix>&#xD800;</Prefix>"), "MalformedXML"],
    [
      "an expiration after 0 days",
      expiring("<Days>0</Days>"),
      "InvalidArgument: 'Days' for Expiration action must be a positive integer",
    ],
    ["half days", expiring("<Days>1.5</Days>"), "MalformedXML"],
    ["more days than there will be", expiring("<Days>2147483648</Days>"), "MalformedXML"],
    ["days and date", expiring("<Days>1</Days><Date>2026-01-31</Date>"), "MalformedXML"],
    ["an expiration that says nothing", expiring(""), "MalformedXML"],
    [
      "a date at noon",
      expiring("<Date>2026-01-31T12:00:00Z</Date>"),
      "InvalidArgument: 'Date' must be at midnight GMT",
    ],
    ["a date that does not exist", expiring("<Date>2026-02-30</Date>"), "MalformedXML"],
    ["a date of HTTP", expiring("<Date>Fri, 01 Jan 2016 00:00:00 GMT</Date>"), "MalformedXML"],
    ["delete markers and days", expiring(`<Days>1</Days>${MARKER}`), "MalformedXML"],
    ["delete markers and a date", expiring(`<Date>2026-01-31</Date>${MARKER}`), "MalformedXML"],
    [
      "delete markers by tag",
      expiring(MARKER, `<Filter>${TAG}</Filter>`),
      "InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Tags.",
    ],
    [
      "delete markers by size",
      expiring(MARKER, `<Filter>${SIZE}</Filter>`),
      "InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Object Size.",
    ],
    [
      "noncurrent versions after 0 days",
      noncurrent("<NoncurrentDays>0</NoncurrentDays>"),
      "InvalidArgument: 'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
    ],
    [
      "a number of versions without days",
      noncurrent("<NewerNoncurrentVersions>1</NewerNoncurrentVersions>"),
      "MalformedXML",
    ],
    [
      "0 newer versions",
      noncurrent("<NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>0</NewerNoncurrentVersions>"),
      "InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be a positive integer",
    ],
    [
      "101 newer versions",
      noncurrent("<NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions>"),
      "InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be at most 100",
    ],
    [
      "newer versions in the older form",
      noncurrent(
        "<NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>1</NewerNoncurrentVersions>",
        "<Prefix/>",
      ),
      "InvalidRequest: NewerNoncurrentVersions element can only be used in Lifecycle V2.",
    ],
    [
      "uploads after 0 days",
      aborting("0"),
      "InvalidArgument: 'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
    ],
    [
      "uploads by tag",
      aborting("1", `<Filter>${TAG}</Filter>`),
      "InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Tags.",
    ],
    [
      "uploads by size",
      aborting("1", `<Filter>${SIZE}</Filter>`),
      "InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Object Size.",
    ],
    [
      "a transition",
      document(`<Filter/><Status>Enabled</Status>${TRANSITION}`),
      "NotImplemented: Transitions to other storage classes are not implemented.",
    ],
    [
      "a transition beside an expiration",
      document(`<Filter/>${END}${TRANSITION}${TRANSITION}`),
      "NotImplemented: Transitions to other storage classes are not implemented.",
    ],
  ])("%s", (_, xml, expected) => {
    expect(refusal(xml).slice(0, expected.length)).toBe(expected);
  });
});

function refusal(xml: string): string {
  try {
    parse(xml);
    return "no error";
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
