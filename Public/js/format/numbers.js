const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const thousandths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A count with the reader's grouping; an en dash for what is not known. */
export function count(value) {
    return Number.isFinite(value) ? whole.format(value) : "–";
}

/** `1 file`, `1,204 files`. */
export function counted(value, singular, plural = `${singular}s`) {
    return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** A rate or a duration: one decimal while it is small, none when it is large. */
export function rounded(value) {
    if (!Number.isFinite(value)) return "–";
    return value > 0 && value < 10 ? tenths.format(value) : whole.format(value);
}

/** A score, in thousandths: `0.032`. */
export function score(value) {
    return thousandths.format(value);
}

/** Bytes in decimal units: `4.2 MB`. */
export function bytes(value) {
    if (!Number.isFinite(value)) return "";
    let unit = 0;
    let amount = value;
    while (amount >= 999.5 && unit < UNITS.length - 1) {
        amount /= 1000;
        unit += 1;
    }
    return `${unit === 0 ? whole.format(amount) : rounded(amount)} ${UNITS[unit]}`;
}

/** A share from 0 to 1: `43%`. Never 100% before the end. */
export function percent(share) {
    return `${share >= 1 ? 100 : Math.floor(Math.max(0, share) * 100)}%`;
}
