/** A line that was broken because the page was full is about as long as a line of print, or longer. */
const FULL_LINE = 42;
const ITEM = /^\s*(?:[-–—*•·◦▪●]|\(?\d{1,3}[.)]|[a-z][.)]|[|>#])\s/u;
const LEADERS = /(?:\s?\.){5,}/gu;

/**
 * A passage as one reads it: lines that only the width of a page broke are joined, paragraphs and lists stay, short
 * paragraphs in a row (the cells of a table) stand close, rows of dots are short. For looking at; the text itself is
 * the one that was found.
 */
export function readable(text) {
    const paragraphs = String(text ?? "").replace(LEADERS, " …").split(/\n[ \t]*\n\s*/u).map(joined);
    let result = paragraphs[0];
    for (let index = 1; index < paragraphs.length; index += 1) {
        const areShort = [index - 1, index].every((each) => paragraphs[each].length < FULL_LINE);
        result += `${areShort ? "\n" : "\n\n"}${paragraphs[index]}`;
    }
    return result;
}

function joined(paragraph) {
    let result = "";
    let last = "";
    for (const line of paragraph.split("\n")) {
        const isBroken = last.trim().length >= FULL_LINE && !ITEM.test(line) && line.trim() !== "";
        if (result !== "") result += isBroken ? " " : "\n";
        result += isBroken ? line.trim() : line;
        last = line;
    }
    return result;
}
