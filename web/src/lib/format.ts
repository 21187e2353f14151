// Numbers and times as people read them. Absent is a dash, never a zero.
export const absent = '–';

const formats = new Map<string, Intl.NumberFormat>();
function plain(digits: number, sign = false): Intl.NumberFormat {
  const key = `${digits}${sign}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: sign ? 'exceptZero' : 'auto',
    });
    formats.set(key, format);
  }
  return format;
}

export function number(value: number | null | undefined, digits = 2): string {
  return value == null || !Number.isFinite(value) ? absent : plain(digits).format(value);
}
export function signed(value: number | null | undefined, digits = 2): string {
  return value == null || !Number.isFinite(value) ? absent : plain(digits, true).format(value);
}
export function percent(share: number | null | undefined, digits = 2): string {
  return share == null || !Number.isFinite(share) ? absent : `${plain(digits, true).format(share * 100)} %`;
}
export function share(value: number | null | undefined, digits = 0): string {
  return value == null || !Number.isFinite(value) ? absent : `${plain(digits).format(value * 100)} %`;
}

const steps: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];
/** 1.23 M */
export function short(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) {
    return absent;
  }
  for (const [size, name] of steps) {
    if (Math.abs(value) >= size) {
      const scaled = value / size;
      return `${plain(Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2).format(scaled)} ${name}`;
    }
  }
  return plain(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 || value === 0 ? 2 : 4).format(value);
}

const marks = new Map(new Intl.NumberFormat(undefined, { useGrouping: true }).formatToParts(1_234_567.5).map(({ type, value }) => [type, value]));

/** An exact decimal text as people here write it, digit for digit; with `digits` zeros are added up to so many behind the point. */
export function exact(text: string | null | undefined, digits = 0): string {
  if (text == null) {
    return absent;
  }
  const [whole = '', fraction = ''] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, marks.get('group') ?? '');
  const rest = fraction.padEnd(digits, '0');
  return rest === '' ? grouped : `${grouped}${marks.get('decimal') ?? '.'}${rest}`;
}

/** The most digits that stand behind the point of any. */
export function digitsOf(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.split('.')[1]?.length ?? 0), 0);
}

/** A price that is not exact, with about as many digits as matter. */
export function price(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) {
    return absent;
  }
  const size = Math.abs(value);
  const digits = size >= 10_000 ? 1 : size >= 100 ? 2 : size >= 1 ? 4 : size >= 0.01 ? 6 : 8;
  return exact(value.toFixed(digits));
}

export type Zone = 'UTC' | 'local';
const clocks = new Map<string, Intl.DateTimeFormat>();
function clock(zone: Zone, kind: 'time' | 'date' | 'both'): Intl.DateTimeFormat {
  const key = `${zone}${kind}`;
  let format = clocks.get(key);
  if (!format) {
    const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
    const date: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };
    format = new Intl.DateTimeFormat('sv-SE', {
      ...(kind !== 'date' ? time : {}),
      ...(kind !== 'time' ? date : {}),
      ...(zone === 'UTC' ? { timeZone: 'UTC' } : {}),
    });
    clocks.set(key, format);
  }
  return format;
}
export function timeOf(ms: number | null | undefined, zone: Zone): string {
  return ms == null ? absent : clock(zone, 'time').format(ms);
}
export function momentOf(ms: number | null | undefined, zone: Zone): string {
  return ms == null ? absent : clock(zone, 'both').format(ms);
}

/** "12 s", "3 min", "2 h", "5 d" */
export function age(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) {
    return absent;
  }
  const s = Math.max(ms, 0) / 1000;
  if (s < 10) {
    return `${plain(1).format(s)} s`;
  }
  if (s < 120) {
    return `${Math.round(s)} s`;
  }
  if (s < 7200) {
    return `${Math.round(s / 60)} min`;
  }
  return s < 172_800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} d`;
}

export function bytes(count: number | null | undefined): string {
  return count == null ? absent : count < 2 ** 30 ? `${plain(1).format(count / 2 ** 20)} MiB` : `${plain(1).format(count / 2 ** 30)} GiB`;
}

/** "1 signal", "2 signals" */
export function counted(count: number, what: string): string {
  return `${plain(0).format(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** "price_structure" → "Price structure" */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
