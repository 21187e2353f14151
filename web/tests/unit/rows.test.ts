import { describe, expect, it } from 'vitest';
import { ageOf, merged, passes, sorted, valueOf, type Filter } from '../../src/lib/rows';
import { componentNames, type ComponentName, type SymbolRow } from '../../src/lib/types';

function row(symbol: string, changes: Partial<SymbolRow> = {}): SymbolRow {
  return {
    symbol,
    exchange: 'sim',
    last_price: '1.5',
    change_24h: 0,
    turnover_24h: 1000,
    funding_rate: 0,
    open_interest: 1,
    score: 50,
    signal: 'NEUTRAL',
    raw_signal: 'NEUTRAL',
    components: Object.fromEntries(componentNames.map((name) => [name, 50])) as Record<ComponentName, number>,
    coverage: 1,
    reliability: 1,
    deep: false,
    as_of_ms: 0,
    age_ms: 0,
    concerns: [],
    ...changes,
  };
}
const all: Filter = { text: '', signal: '', scoreMin: null, scoreMax: null, reliabilityMin: null, turnoverMin: null };

describe('order', () => {
  const rows = [row('B', { score: 60 }), row('A', { score: null }), row('D', { score: 40 }), row('C', { score: 60 })];
  it('puts what is absent last either way, equals by name, and loses none', () => {
    expect(sorted(rows, 'score', false).map((one) => one.symbol)).toEqual(['B', 'C', 'D', 'A']);
    expect(sorted(rows, 'score', true).map((one) => one.symbol)).toEqual(['D', 'B', 'C', 'A']);
    for (const key of ['symbol', 'price', 'change', 'turnover', 'funding', 'interest', 'signal', 'reliability', 'state', ...componentNames]) {
      for (const rising of [true, false]) {
        expect(new Set(sorted(rows, key, rising))).toEqual(new Set(rows));
      }
    }
  });
  it('reads every column', () => {
    expect(valueOf(row('A', { last_price: '61250.5' }), 'price')).toBe(61250.5);
    expect(valueOf(row('A', { signal: 'LONG' }), 'signal')).toBeGreaterThan(valueOf(row('A', { signal: 'SHORT' }), 'signal') as number);
    expect(valueOf(row('A'), 'nothing')).toBeNull();
  });
});

describe('filters', () => {
  it('hold together', () => {
    const one = row('BTCUSDT', { score: 71, signal: 'LONG', reliability: 0.9, turnover_24h: 5e6 });
    const none = new Set<string>();
    expect(passes(one, all, none)).toBe(true);
    expect(passes(one, { ...all, text: ' btc ' }, none)).toBe(true);
    expect(passes(one, { ...all, text: 'eth' }, none)).toBe(false);
    expect(passes(one, { ...all, signal: 'SHORT' }, none)).toBe(false);
    expect(passes(one, { ...all, signal: 'stars' }, none)).toBe(false);
    expect(passes(one, { ...all, signal: 'stars' }, new Set(['BTCUSDT']))).toBe(true);
    expect(passes(one, { ...all, scoreMin: 71, scoreMax: 71 }, none)).toBe(true);
    expect(passes(one, { ...all, scoreMin: 71.1 }, none)).toBe(false);
    expect(passes(one, { ...all, reliabilityMin: 0.95 }, none)).toBe(false);
    expect(passes(one, { ...all, turnoverMin: 5e6 + 1 }, none)).toBe(false);
    expect(passes(row('A', { score: null }), { ...all, scoreMin: 0 }, none)).toBe(false);
  });
});

describe('changes', () => {
  const list = (...rows: SymbolRow[]) => ({ total: 3, next_cursor: null, symbols: rows });
  it('take the place of what is known', () => {
    const known = { ...list(row('A'), row('B'), row('C')) };
    const changed = merged(known, list(row('B', { score: 70 })), 1000);
    expect(changed.symbols.map((one) => [one.symbol, one.score])).toEqual([['A', 50], ['B', 70], ['C', 50]]);
    expect(ageOf(changed.symbols[1] as SymbolRow, 0, 3000)).toBe(2000);
    expect(ageOf(changed.symbols[0] as SymbolRow, 500, 3000)).toBe(2500);
  });
  it('a list of all is the whole, so that who has left is gone', () => {
    const known = list(row('A'), row('B'), row('C'));
    expect(merged(known, { total: 2, next_cursor: null, symbols: [row('A'), row('C')] }, 0).symbols).toHaveLength(2);
  });
});
