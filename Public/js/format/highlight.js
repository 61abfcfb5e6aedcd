const STOP_WORDS = new Set((
    "a an and are as at be but by can could do does for from had has have how i if in into is it its may me "
    + "might must my no not of on or our should so than that the their them then there these they this to "
    + "was we were what when where which who why will with would you your"
).split(" "));
const ENDINGS = /(?:ations?|ings?|ies|ed|es|s|ly)$/u;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_]*/gu;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const EXCERPT = 420;

/** A regular expression that finds the words of a query in other forms too, or null when it has none worth marking. */
export function wordPattern(query) {
    const words = (query.toLowerCase().match(WORD) ?? []).slice(0, 32);
    const telling = words.filter((word) => !STOP_WORDS.has(word));
    const stems = [...new Set((telling.length > 0 ? telling : words).map(stem))].sort((a, b) => b.length - a.length);
    if (stems.length === 0) return null;
    return new RegExp(stems.map(formsOf).join("|"), "giu");
}

/** A stem consists of letters, digits, marks and apostrophes, so nothing in it means anything to a pattern. */
function formsOf(word) {
    if (UNSPACED.test(word)) return word;
    const ending = word.length < 4 ? "s?(?![\\p{L}\\p{N}])" : "[\\p{L}\\p{M}]{0,8}";
    return `(?<![\\p{L}\\p{N}])${word}${ending}`;
}

/** What a stemming index would agree on, roughly: short words stay, long ones lose an ending. */
function stem(word) {
    const short = word.length > 5 ? word.replace(ENDINGS, "") : word;
    return short.length >= 4 ? short : word;
}

/** Splits text into pieces `{ text, isMatch }` that join to the whole. */
export function pieces(text, pattern) {
    if (!pattern) return [{ text, isMatch: false }];
    const result = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
        if (match.index > end) result.push({ text: text.slice(end, match.index), isMatch: false });
        result.push({ text: match[0], isMatch: true });
        end = match.index + match[0].length;
    }
    if (end < text.length) result.push({ text: text.slice(end), isMatch: false });
    return result;
}

/** The part of a passage with the most matches, cut at word boundaries; the whole of a short one. */
export function excerpt(text, pattern) {
    if (text.length <= EXCERPT * 1.4) return { text, isCut: false };
    const places = pattern ? [...text.matchAll(pattern)].map((match) => match.index) : [];
    let best = { start: 0, matches: 0 };
    for (const place of places) {
        const start = Math.max(0, place - 60);
        const matches = places.filter((other) => other >= start && other < start + EXCERPT).length;
        if (matches > best.matches) best = { start, matches };
    }
    const start = best.start === 0 ? 0 : text.indexOf(" ", best.start) + 1;
    const last = text.lastIndexOf(" ", start + EXCERPT);
    const end = start + EXCERPT >= text.length ? text.length : last > start ? last : start + EXCERPT;
    const before = start > 0 ? "… " : "";
    const after = end < text.length ? " …" : "";
    return { text: before + text.slice(start, end) + after, isCut: true };
}
