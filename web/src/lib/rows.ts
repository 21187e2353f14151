// Which rows of the market are shown, in which order.
import { componentNames, type SymbolList, type SymbolRow } from './types';

export interface Filter {
  text: string;
  /** '' is all; 'stars' are those that are marked. */
  signal: string;
  scoreMin: number | null;
  scoreMax: number | null;
  reliabilityMin: number | null;
  turnoverMin: number | null;
}

export type SortKey = string;

export function valueOf(row: SymbolRow, key: SortKey): number | string | null {
  switch (key) {
    case 'symbol':
      return row.symbol;
    case 'price':
      return row.last_price === null ? null : Number(row.last_price);
    case 'change':
      return row.change_24h;
    case 'turnover':
      return row.turnover_24h;
    case 'funding':
      return row.funding_rate;
    case 'interest':
      return row.open_interest_change_1h ?? null;
    case 'score':
      return row.score;
    case 'reliability':
      return row.reliability;
    case 'signal':
      return row.signal === null ? null : { LONG: 2, NEUTRAL: 1, SHORT: 0 }[row.signal];
    case 'state':
      return row.concerns.length;
    default:
      return (componentNames as readonly string[]).includes(key)
        ? row.components[key as (typeof componentNames)[number]]
        : null;
  }
}

export function passes(row: SymbolRow, filter: Filter, stars: ReadonlySet<string>): boolean {
  const text = filter.text.trim().toUpperCase();
  if (text && !row.symbol.includes(text)) {
    return false;
  }
  if (filter.signal === 'stars' ? !stars.has(row.symbol) : filter.signal && row.signal !== filter.signal) {
    return false;
  }
  if (filter.scoreMin !== null && (row.score === null || row.score < filter.scoreMin)) {
    return false;
  }
  if (filter.scoreMax !== null && (row.score === null || row.score > filter.scoreMax)) {
    return false;
  }
  if (filter.reliabilityMin !== null && row.reliability < filter.reliabilityMin) {
    return false;
  }
  return filter.turnoverMin === null || (row.turnover_24h ?? 0) >= filter.turnoverMin;
}

/** The rows that are told take the place of those that are known; a list of all of them is the whole. */
export function merged(known: SymbolList, change: SymbolList, now: number): SymbolList {
  for (const row of change.symbols) {
    row.seen = now;
  }
  if (change.symbols.length >= change.total) {
    return change;
  }
  const rows = new Map(known.symbols.map((row) => [row.symbol, row]));
  for (const row of change.symbols) {
    rows.set(row.symbol, row);
  }
  return { ...change, symbols: [...rows.values()] };
}

/** How old a row is, wherever it came from. */
export function ageOf(row: SymbolRow, at: number, now: number): number {
  return row.age_ms + now - (row.seen ?? at);
}

/** What is absent comes last in either order; equal ones by name. */
export function sorted(rows: SymbolRow[], key: SortKey, rising: boolean): SymbolRow[] {
  const keyed = rows.map((row) => ({ row, value: valueOf(row, key) }));
  const sign = rising ? 1 : -1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return a.value === b.value ? compare(a.row.symbol, b.row.symbol) : a.value === null ? 1 : -1;
    }
    return sign * compare(a.value, b.value) || compare(a.row.symbol, b.row.symbol);
  });
  return keyed.map(({ row }) => row);
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
