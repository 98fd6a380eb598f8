import { dictionary } from "@zxcvbn-ts/language-common";

/** What Brazilians choose besides, which lists gathered elsewhere lack. */
const brazilian = [
  ..."senha minhasenha senhaforte senhasegura mudar mudar123 mudeme trocar acesso brasil futebol flamengo corinthians".split(
    " ",
  ),
  ..."palmeiras saopaulo vasco gremio internacional cruzeiro atletico santos botafogo fluminense".split(" "),
  ..."deusefiel deuseamor jesuscristo jesusteama meuamor teamo amorzinho familia felicidade".split(" "),
];

/** The 49,000 most common passwords of published breaches (zxcvbn-ts; the first of ASVS 6.2.4 are 3,000), in lower case. */
const common = new Set([...(dictionary["passwords-common"] ?? []), ...brazilian]);

/** Rows of a keyboard, the alphabet and the digits: who types along one of them chose nothing. */
const runs = [
  "1234567890",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertyuioplkjhgfdsazxcvbnm",
  "poiuytrewqlkjhgfdsamnbvcxz",
  "qazwsxedcrfvtgbyhnujmikolp",
]
  .flatMap((run) => [run, [...run].reverse().join("")])
  .map((run) => run.repeat(8));

/**
 * True where the password is a common one (ASVS 6.2.4), also with what people do to make it longer: capitals, digits
 * and signs before and after it, letters turned into digits, the whole of it several times over; and true for a walk
 * along the keyboard.
 */
export function isCommonPassword(password: string): boolean {
  const folded = foldCase(password);
  return [folded, lettersFor(folded)].some((variant) => isGuess(variant) || isGuess(core(variant)));
}

function isGuess(text: string): boolean {
  const unit = repeatedUnit(text);
  // One to four characters, over and over.
  if (unit !== text && unit.length <= 4) return true;
  return [text, unit, core(unit)].some(
    (part) => common.has(part) || (part.length > 4 && runs.some((run) => run.includes(part))),
  );
}

/** Accents count for nothing, as they do to who guesses. */
export function foldCase(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}

/** Without the digits, signs and spaces at both ends. Digits all through stay: they may be random. */
export function core(text: string): string {
  return text.replace(/^[^\p{Letter}]+/u, "").replace(/[^\p{Letter}]+$/u, "") || text;
}

const lookAlikes: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};

/** `p4$$w0rd` → `password`: only within, where a digit at the end is most likely just that. */
function lettersFor(text: string): string {
  const ending = /[\d\p{Punctuation}\p{Symbol}\s]*$/u.exec(text)?.[0] ?? "";
  const within = text.slice(0, text.length - ending.length);
  return within.replace(/[013457@$]/g, (sign) => lookAlikes[sign] ?? sign) + ending;
}

/** `abcabcabc` → `abc`; the text itself where nothing is repeated. */
function repeatedUnit(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1);
  return at > 0 && at < text.length ? text.slice(0, at) : text;
}
