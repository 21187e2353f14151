import { describe, expect, it } from 'vitest';
import { buckets, byLabel, quantile, samplesFrom, sumOf } from '../../src/lib/metrics';
import { calibration, cumulative, edgeSentence, excursions, expectancy, fatesOf, grouped, wilson } from '../../src/lib/outcomes';
import { cumulativeDelta, emaOf, fundingOf, onGrid, vwapOf } from '../../src/lib/series';
import { squarified } from '../../src/lib/tiles';
import type { Candle, CandleList, Derivatives, Outcome, StoredSignal } from '../../src/lib/types';

describe('tiles', () => {
  it('fill the room in proportion and do not overlap', () => {
    const sizes = Array.from({ length: 60 }, (_, i) => 1000 / (i + 1));
    const tiles = squarified(sizes, 800, 500);
    expect(tiles).toHaveLength(sizes.length);
    const total = sizes.reduce((sum, one) => sum + one, 0);
    tiles.forEach((tile, i) => {
      expect((tile.width * tile.height) / (800 * 500)).toBeCloseTo((sizes[i] ?? 0) / total, 6);
      expect(tile.x).toBeGreaterThanOrEqual(-1e-6);
      expect(tile.x + tile.width).toBeLessThanOrEqual(800 + 1e-6);
      expect(tile.y + tile.height).toBeLessThanOrEqual(500 + 1e-6);
      for (const other of tiles.slice(i + 1)) {
        const apart = other.x >= tile.x + tile.width - 1e-6 || tile.x >= other.x + other.width - 1e-6 || other.y >= tile.y + tile.height - 1e-6 || tile.y >= other.y + other.height - 1e-6;
        expect(apart).toBe(true);
      }
    });
    expect(squarified([], 10, 10)).toEqual([]);
    expect(squarified([1], 0, 10)).toEqual([]);
  });
});

function candle(start_ms: number, close: number, buy = 1, sell = 1): Candle {
  const text = String(close);
  return { start_ms, open: text, high: text, low: text, close: text, volume: buy + sell, taker_buy: buy, taker_sell: sell, closed: true };
}

describe('lines', () => {
  it('averages follow their definition', () => {
    const candles = [1, 2, 3, 4].map((close, i) => candle(i * 60_000, close));
    expect(emaOf(candles, 1).map((point) => point.value)).toEqual([1, 2, 3, 4]);
    expect(emaOf(candles, 3).map((point) => point.value)).toEqual([2.25, 3.125]);
  });
  it('the average price of a day begins anew at midnight UTC', () => {
    const day = 86_400_000;
    const points = vwapOf([candle(day - 60_000, 10), candle(day, 30), candle(day + 60_000, 50, 3, 3)]);
    expect(points.map((point) => point.value)).toEqual([10, 30, 45]);
    expect(points.map((point) => point.begins)).toEqual([true, true, false]);
  });
  it('delta sums what is known', () => {
    expect(cumulativeDelta([candle(0, 1, 5, 2), candle(1, 1, 0, 0), candle(2, 1, 1, 4)]).map((point) => point.value)).toEqual([3, 0]);
  });
  it('a funding rate holds until the next', () => {
    const paid = { funding: [{ time_ms: 1000, rate: 0.0001 }, { time_ms: 2000, rate: -0.0002 }] } as Derivatives;
    expect(fundingOf(paid, 9000)).toEqual([{ time: 1, value: 0.01 }, { time: 2, value: -0.02 }, { time: 9, value: -0.02 }]);
    expect(fundingOf({ funding: [] as Derivatives['funding'] } as Derivatives, 1)).toEqual([]);
  });
  it('points lie on the grid of the candles, the newest of each', () => {
    const list = { candles: [candle(60_000, 1), candle(120_000, 1)] } as CandleList;
    const points = onGrid([{ time: 10, value: 0 }, { time: 60, value: 1 }, { time: 119, value: 2 }, { time: 500, value: 3 }], list);
    expect(points).toEqual([{ time: 60, value: 2 }, { time: 120, value: 3 }]);
  });
});

describe('outcomes', () => {
  const signal = (sequence: number, score = 72): StoredSignal =>
    ({ symbol: 'A', sequence, id: String(sequence), time_ms: sequence, direction: 'LONG', score, coverage: 1, reliability: 1, entry: 1, stop: 1, target_1: 1, target_2: 1, target_3: 1 });
  const plan = (sequence: number, net_r: number | null): Outcome =>
    ({ symbol: 'A', sequence, horizon: 'plan', time_ms: 1, state: 'done', return_share: null, favourable_r: null, adverse_r: null, first_barrier: 'stop', targets_reached: 0, gross_r: net_r, net_r, hole_ms: 0, direction: 'LONG', score: 72, symbol_group: 'deep', regime: 'bullish' });

  it('say nothing from too few', () => {
    expect(expectancy(fatesOf([signal(1)], [plan(1, 1)]))).toBeNull();
    expect(edgeSentence(null)).toContain('Too few');
    const few = expectancy(fatesOf([1, 2, 3].map((i) => signal(i)), [plan(1, 2), plan(2, 2), plan(3, 2)]));
    expect(few?.mean).toBe(2);
    expect(edgeSentence(few)).toContain('below 30');
  });
  it('say that there is no edge where there is none', () => {
    const many = Array.from({ length: 40 }, (_, i) => i);
    const found = expectancy(fatesOf(many.map((i) => signal(i)), many.map((i) => plan(i, i % 2 === 0 ? 1 : -1))));
    expect(found?.mean).toBe(0);
    expect(edgeSentence(found)).toContain('no edge');
    const good = expectancy(fatesOf(many.map((i) => signal(i)), many.map((i) => plan(i, i % 2 === 0 ? 1.1 : 0.9))));
    expect(edgeSentence(good)).toContain('had an edge');
  });
  it('calibrate by score, in the market’s direction', () => {
    const hour = (sequence: number, return_share: number): Outcome => ({ ...plan(sequence, null), horizon: '1h', return_share });
    const short = { ...signal(3, 28), direction: 'SHORT' as const };
    const found = calibration(fatesOf([signal(1), signal(2), short], [hour(1, 0.01), hour(2, -0.01), hour(3, -0.02)]), '1h');
    expect(found.map((one) => [one.from, one.count, one.rose])).toEqual([[20, 1, 1], [70, 2, 0.5]]);
    expect(wilson(50, 100).low).toBeCloseTo(0.4038, 4);
    expect(wilson(50, 100).high).toBeCloseTo(0.5962, 4);
    expect(wilson(0, 10).low).toBeCloseTo(0, 10);
  });
  it('tell how far price went', () => {
    const done = (sequence: number, favourable_r: number, adverse_r: number): Outcome => ({ ...plan(sequence, 1), favourable_r, adverse_r });
    const found = excursions(fatesOf([1, 2, 3].map((i) => signal(i)), [done(1, 1, 0.5), done(2, 3, 0.1), { ...done(3, 9, 9), state: 'open' }]));
    expect(found).toEqual({ count: 2, favourable: 2, adverse: 0.3 });
    expect(excursions([])).toBeNull();
  });
  it('sum up in order of time, and by group', () => {
    const fates = fatesOf([signal(2), signal(1, 85)], [plan(1, 1), plan(2, -3), plan(9, 100)]);
    expect(cumulative(fates)).toEqual([1, -2]);
    expect(grouped(fates, (fate) => fate.signal.direction)[0]?.[2]).toBe(2);
  });
});

describe('metrics', () => {
  const samples = samplesFrom(
    ['# HELP a b', 'a_total{class="book",shard="0"} 5', 'a_total{class="trades",shard="0"} 7', 't_bucket{le="0.001"} 50', 't_bucket{le="0.01"} 99', 't_bucket{le="+Inf"} 100', 'x 1e3', 'odd{text="a\\"b"} 2'].join('\n'),
  );
  it('are read', () => {
    expect(sumOf(samples, 'a_total')).toBe(12);
    expect(sumOf(samples, 'a_total', { class: 'book' })).toBe(5);
    expect(byLabel(samples, 'a_total', 'class')).toEqual([['book', 5], ['trades', 7]]);
    expect(buckets(samples, 't')).toEqual([{ bound: 0.001, count: 50 }, { bound: 0.01, count: 49 }, { bound: Infinity, count: 1 }]);
    expect(buckets(samples, 'none')).toEqual([]);
    expect(quantile(samples, 't', 0.5)).toBe(0.001);
    expect(quantile(samples, 't', 0.99)).toBe(0.01);
    expect(quantile(samples, 't', 1)).toBe(Infinity);
    expect(quantile(samples, 'none', 0.5)).toBeNull();
    expect(sumOf(samples, 'x')).toBe(1000);
  });
});
